"""The Jupyter server extension: thin handlers over the lower layers, and the document that describes them."""
