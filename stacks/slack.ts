import factory from "../factory.config.ts";

/** Values that `sst secret set` gives: to speak with, and to know Slack by. */
function appSecrets() {
  const token = new sst.Secret("SlackBotToken");
  const signing = new sst.Secret("SlackSigningSecret");
  return {
    speaking: { SLACK_BOT_TOKEN: token.value, SLACK_API_URL: apiUrl() },
    listening: { SLACK_SIGNING_SECRET: signing.value },
  };
}

/** Where Slack's Web API is reached. A secret with a default, because a stand-in's address may carry credentials. */
const apiUrl = () => new sst.Secret("SlackApiUrl", "https://slack.com/api/").value;

const app = factory.notify.slack ? appSecrets() : undefined;

/** What a function needs to speak on Slack. A factory without Slack needs no secrets, and says so. */
export const slackEnvironment = app?.speaking ?? { SLACK_BOT_TOKEN: "none", SLACK_API_URL: "none" };

/** What a function needs to know that Slack speaks; undefined in a factory without Slack. */
export const slackListening = app?.listening;
