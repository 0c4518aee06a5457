import type { Block } from "./block-kit.ts";
import { messageObject } from "./web-api.ts";
import { APP, type PostedMessage, TEAM } from "./workspace.ts";

/** A member of the workspace. */
export interface SlackUser {
  /** `U012AB3CD` */
  readonly id: string;
  readonly name: string;
}

interface Pressed {
  readonly message: PostedMessage;
  readonly actionId: string;
  readonly user: SlackUser;
  readonly responseUrl: string;
  /** Slack's timestamp of the click, which makes its trigger id unique. */
  readonly actionTs: string;
}

/**
 * The payload of a button's click (Slack, "block_actions payload"), with the fields of a button in a message.
 * @throws Error if the message has no such button
 */
export function blockActions({ message, actionId, user, responseUrl, actionTs }: Pressed) {
  const { block, button } = findButton(message, actionId);
  const name = message.channel.replace(/^#/, "");
  return {
    type: "block_actions",
    user: { id: user.id, username: user.name, name: user.name, team_id: TEAM.id },
    api_app_id: APP.id,
    // The deprecated verification token, which signatures replaced.
    token: "0123456789abcdefABCDEF00",
    container: { type: "message", message_ts: message.ts, channel_id: message.channelId, is_ephemeral: false },
    trigger_id: `${actionTs.replace(".", "")}.${TEAM.id.slice(1)}.${APP.id}`,
    team: TEAM,
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: message.channelId, name },
    message: messageObject(message),
    state: { values: {} },
    response_url: responseUrl,
    actions: [
      {
        action_id: button.action_id,
        block_id: block.block_id,
        text: button.text,
        ...(button.value !== undefined && { value: button.value }),
        ...(button.style !== undefined && { style: button.style }),
        type: "button",
        action_ts: actionTs,
      },
    ],
  };
}

function findButton({ blocks, text }: PostedMessage, actionId: string): { block: Block; button: Block } {
  const buttons = blocks.flatMap((block) =>
    [...(Array.isArray(block.elements) ? (block.elements as Block[]) : []), block.accessory as Block | undefined]
      .filter((one) => one?.type === "button")
      .map((button) => ({ block, button: button as Block })),
  );
  const found = buttons.find(({ button }) => button.action_id === actionId);
  if (found) return found;
  const ids = buttons.map(({ button }) => String(button.action_id)).join(", ") || "none";
  throw new Error(`The message "${text}" has no button ${actionId} to press; it has: ${ids}`);
}
