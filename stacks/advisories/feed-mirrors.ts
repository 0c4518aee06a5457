/**
 * Addresses to read vendors' feeds at instead of the vendors' own, and keys: see `core/advisories/feeds-of.ts`. A secret
 * with a default, because a mirror's address may carry credentials.
 */
export const feedMirrors = new sst.Secret("FeedMirrors", "{}").value;
