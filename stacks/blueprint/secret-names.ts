/**
 * What `sst secret set` gives a deployment that speaks on Slack: the app's bot token and signing secret, and, where
 * Slack is reached at another address than its own, that address. `FeedMirrors` says where vendors' feeds are read.
 */
export const secretNames = ["SlackBotToken", "SlackSigningSecret", "SlackApiUrl", "FeedMirrors"] as const;
