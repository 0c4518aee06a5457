/**
 * What `sst secret set` gives a deployment: `SlackApiUrl`, where Slack is reached at another address than its own, and
 * `FeedMirrors`, where vendors' feeds are read. Slack's secrets are not an input of the deployment.
 */
export const secretNames = ["SlackApiUrl", "FeedMirrors"] as const;
