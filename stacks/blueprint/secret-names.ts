/**
 * Secrets that `sst secret set` stores for a deployment: `SlackApiUrl` replaces the URL of Slack's API, and `FeedMirrors`
 * the URLs of vendors' feeds. Slack's own secrets are not inputs of the deployment.
 */
export const secretNames = ["SlackApiUrl", "FeedMirrors"] as const;
