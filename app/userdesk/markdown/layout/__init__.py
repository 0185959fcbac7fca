"""Blocks to rows at a width."""
