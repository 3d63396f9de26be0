"""The rules of conversion, one a file. A rule signs in with ``on_node`` or ``on_record`` of ``conversion.registry``."""
