"""Employees: who may see and declare them."""
