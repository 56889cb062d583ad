"""Inputs that contestants are tried on: nasty values, layouts, drawn ones, each one to paste."""
