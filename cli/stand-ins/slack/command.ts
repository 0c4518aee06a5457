import type { SlackUser } from "./interaction.ts";
import { APP, TEAM } from "./workspace.ts";

interface Typed {
  /** With its slash: `/amint`. */
  readonly command: string;
  /** What follows it. */
  readonly text: string;
  readonly user: SlackUser;
  readonly channel: string;
  readonly channelId: string;
  readonly responseUrl: string;
  /** Slack's timestamp of the moment, which makes its trigger its own. */
  readonly ts: string;
}

/** The fields of a slash command's form (Slack, "Enabling interactivity with Slash commands"). */
export const slashCommand = ({ command, text, user, channel, channelId, responseUrl, ts }: Typed) => ({
  // The old verification token, which signatures replaced; it proves nothing.
  token: "0123456789abcdefABCDEF00",
  team_id: TEAM.id,
  team_domain: TEAM.domain,
  channel_id: channelId,
  channel_name: channel.replace(/^#/, ""),
  user_id: user.id,
  user_name: user.name,
  command,
  text,
  api_app_id: APP.id,
  is_enterprise_install: "false",
  response_url: responseUrl,
  trigger_id: `${ts.replace(".", "")}.${TEAM.id.slice(1)}.${APP.id}`,
});
