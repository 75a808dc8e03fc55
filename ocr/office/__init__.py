"""Documents of office programs: workbooks and Word files read as they are, all else through LibreOffice."""
