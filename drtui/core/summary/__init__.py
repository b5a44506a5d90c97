"""The words for an assessment: labels, headline, freshness, health check."""
