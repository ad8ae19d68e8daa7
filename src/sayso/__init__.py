"""Sayso reads political news into claims that stand on somebody's word."""
