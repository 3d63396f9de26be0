"""Whole directories, and single files with their bytes, for the other framework; the report on them."""

from diptych.folders.convert import convert_folder
from diptych.folders.file import convert_file

__all__ = ["convert_file", "convert_folder"]
