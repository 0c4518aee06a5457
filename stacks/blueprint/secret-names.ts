/**
 * What `sst secret set` gives a deployment: `SlackApiUrl`, where Slack is reached at another address than its own, and
 * `FeedMirrors`, where vendors' feeds are read. Slack's own secrets are no input of a deployment.
 */
export const secretNames = ["SlackApiUrl", "FeedMirrors"] as const;
