/** A block or part of one, as JSON. */
export type Block = Readonly<Record<string, unknown>>;

/** Limits from Slack's Block Kit reference, in characters or entries. */
const MOST_BLOCKS = 50;
const ID = 255;
const BUTTON = { text: 75, value: 2_000, url: 3_000, accessibility_label: 75 } as const;
const CONFIRM = { title: 100, text: 300, confirm: 30, deny: 30 } as const;

type Check = (at: string, block: Block) => string[];

/** The block types that the factory posts. Other Slack types are refused. */
const CHECKS: Readonly<Record<string, Check>> = {
  header: (at, { text }) => textFaults(`${at}/text`, text, 150, ["plain_text"]),
  divider: () => [],
  section: (at, { text, fields, accessory }) => [
    ...(text === undefined && fields === undefined ? [fault("must have a text or fields", at)] : []),
    ...(text === undefined ? [] : textFaults(`${at}/text`, text, 3_000)),
    ...(fields === undefined
      ? []
      : eachOf(`${at}/fields`, fields, 1, 10, (one, field) => textFaults(one, field, 2_000))),
    ...(accessory === undefined ? [] : buttonFaults(`${at}/accessory`, accessory)),
  ],
  context: (at, { elements }) =>
    eachOf(`${at}/elements`, elements, 1, 10, (one, text) => textFaults(one, text, Number.POSITIVE_INFINITY)),
  actions: (at, { elements }) => [
    ...eachOf(`${at}/elements`, elements, 1, 25, buttonFaults),
    ...twins(`${at}/elements`, elements, "action_id"),
  ],
};

/** Slack's errors for these blocks, in Slack's wording: what must hold, and where. Empty if valid. */
export function blockFaults(blocks: readonly unknown[]): string[] {
  if (blocks.length > MOST_BLOCKS) return [fault(`no more than ${MOST_BLOCKS} items allowed`, "/blocks")];
  return [
    ...blocks.flatMap((block, index) => faultsOf(`/blocks/${index}`, block)),
    ...twins("/blocks", blocks, "block_id"),
  ];
}

function faultsOf(at: string, block: unknown): string[] {
  if (!isBlock(block)) return [fault("must be an object", at)];
  const check = CHECKS[String(block.type)];
  if (!check) return [fault(`unsupported type: ${String(block.type)}`, `${at}/type`)];
  return [...lengthFaults(`${at}/block_id`, block.block_id, ID), ...check(at, block)];
}

function buttonFaults(at: string, button: unknown): string[] {
  if (!isBlock(button)) return [fault("must be an object", at)];
  if (button.type !== "button") return [fault(`unsupported type: ${String(button.type)}`, `${at}/type`)];
  const { style, confirm } = button;
  return [
    ...textFaults(`${at}/text`, button.text, BUTTON.text, ["plain_text"]),
    ...lengthFaults(`${at}/action_id`, button.action_id, ID),
    ...lengthFaults(`${at}/value`, button.value, BUTTON.value),
    ...lengthFaults(`${at}/url`, button.url, BUTTON.url),
    ...lengthFaults(`${at}/accessibility_label`, button.accessibility_label, BUTTON.accessibility_label),
    ...styleFaults(at, style),
    ...(confirm === undefined ? [] : confirmFaults(`${at}/confirm`, confirm)),
  ];
}

function confirmFaults(at: string, dialog: unknown): string[] {
  if (!isBlock(dialog)) return [fault("must be an object", at)];
  return [
    ...Object.entries(CONFIRM).flatMap(([part, most]) => textFaults(`${at}/${part}`, dialog[part], most)),
    ...styleFaults(at, dialog.style),
  ];
}

const styleFaults = (at: string, style: unknown): string[] =>
  style === undefined || style === "primary" || style === "danger"
    ? []
    : [fault("must be one of: primary, danger", `${at}/style`)];

function textFaults(at: string, text: unknown, most: number, types: readonly string[] = ["mrkdwn", "plain_text"]) {
  if (!isBlock(text)) return [fault("must be a text object", at)];
  if (!types.includes(String(text.type))) return [fault(`must be one of: ${types.join(", ")}`, `${at}/type`)];
  if (typeof text.text !== "string" || text.text === "") return [fault("must be more than 0 characters", `${at}/text`)];
  return lengthFaults(`${at}/text`, text.text, most);
}

function lengthFaults(at: string, value: unknown, most: number): string[] {
  if (value === undefined) return [];
  if (typeof value !== "string") return [fault("must be a string", at)];
  return value.length > most ? [fault(`must be less than ${most + 1} characters`, at)] : [];
}

function eachOf(at: string, list: unknown, least: number, most: number, check: (at: string, one: unknown) => string[]) {
  if (!Array.isArray(list)) return [fault("must be a list", at)];
  if (list.length < least) return [fault(`no fewer than ${least} items allowed`, at)];
  if (list.length > most) return [fault(`no more than ${most} items allowed`, at)];
  return list.flatMap((one, index) => check(`${at}/${index}`, one));
}

/** Ids that occur twice in one list. */
function twins(at: string, list: unknown, id: "action_id" | "block_id"): string[] {
  const ids = Array.isArray(list)
    ? list.flatMap((one) => (isBlock(one) && one[id] !== undefined ? [one[id]] : []))
    : [];
  const twice = new Set(ids.filter((one, index) => ids.indexOf(one) < index));
  return [...twice].map((one) => fault(`\`${id}\` "${String(one)}" already exists`, at));
}

const fault = (what: string, at: string): string => `[ERROR] ${what} [json-pointer:${at}]`;

const isBlock = (value: unknown): value is Block =>
  typeof value === "object" && value !== null && !Array.isArray(value);
