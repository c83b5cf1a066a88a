"""Any file of posts becomes the posts table: formats, the account, masks, pseudonyms, forget, export."""
