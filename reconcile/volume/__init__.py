"""Where each report of a document begins: marks on its pages, evidence, borders, and whose each page is."""
