"""Tagged PDFs (PDF/A-2a, PDF/UA-1) from typst templates: letters, receipts, certificates."""
