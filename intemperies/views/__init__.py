"""Pages under /sites/<identifiant>/intemperies/."""
