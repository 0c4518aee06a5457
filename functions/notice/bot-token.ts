import { SSMClient } from "@aws-sdk/client-ssm";
import { readSlackSecret } from "../../adapters/notice/slack-secrets.ts";
import type { Invocation } from "../invocation.ts";

/** The bot token for Slack, read at first use. */
export const botToken =
  ({ client, settings, now }: Pick<Invocation, "client" | "settings" | "now">) =>
  (rejected?: string): Promise<string> =>
    readSlackSecret({ ssm: client(SSMClient), factory: settings.factory.name, now }, "bot-token", rejected);
