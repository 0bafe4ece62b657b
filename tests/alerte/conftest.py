"""Alerts are watched for what they leave behind."""

from canaries import watched

__all__ = ["watched"]
