"""Spaces changed, joined and aligned: functions from vectors to vectors."""
