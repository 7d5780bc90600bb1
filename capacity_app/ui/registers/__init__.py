"""Agencies, people, meetings, sources, evidence and the mission: lists and forms."""
