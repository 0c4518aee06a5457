/**
 * Addresses of mirrors of vendors' feeds, and their keys: see `core/advisories/feeds-of.ts`. A secret with a default, because a
 * mirror's address may contain credentials.
 */
export const feedMirrors = new sst.Secret("FeedMirrors", "{}").value;
