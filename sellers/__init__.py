"""Who makes what: sellers, their listings, photos, permits and what they have learned."""
