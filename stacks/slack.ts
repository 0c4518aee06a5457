import factory from "../factory.config.ts";

/** Values that `sst secret set` gives. The signing secret is for what Slack sends to us; nothing receives it yet. */
function appSecrets() {
  const token = new sst.Secret("SlackBotToken");
  new sst.Secret("SlackSigningSecret");
  return { SLACK_BOT_TOKEN: token.value, SLACK_API_URL: apiUrl() };
}

/** Where Slack's Web API is reached. A secret with a default, because a stand-in's address may carry credentials. */
const apiUrl = () => new sst.Secret("SlackApiUrl", "https://slack.com/api/").value;

/** What `notify` needs to speak on Slack. A factory without Slack needs no secrets, and says so. */
export const slackEnvironment = factory.notify.slack
  ? appSecrets()
  : { SLACK_BOT_TOKEN: "none", SLACK_API_URL: "none" };
