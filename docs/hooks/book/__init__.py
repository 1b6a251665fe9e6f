"""What this book is besides its cells: editions, glossary, gallery, formulas, links, a zip."""
