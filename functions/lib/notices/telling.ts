import type { Ledger } from "../../../adapters/ledger/table.ts";
import type { SlackChannel } from "../../../adapters/slack.ts";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import type { Notice } from "../../../core/notice.ts";

/** What is told of one event: to the topic as it is, and in Slack as fits. */
export interface Telling {
  readonly notice: Notice;
  /** Can be done again, at the price of a message told twice. */
  inSlack(slack: SlackChannel): Promise<void>;
}

/** What is asked to tell an event. */
export interface TellingStep {
  readonly ledger: Ledger;
  readonly settings: { readonly factory: Factory };
}
