"""Locks between processes on one data folder."""
