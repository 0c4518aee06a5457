import { describeLimits, describeType, titleOf } from "../../core/factory/describe-type.ts";
import { renamedKeys } from "../../core/factory/renamed-keys.ts";
import type { Form, Setting } from "../../core/factory/settings.ts";
import { chapters, pages } from "./chapters.ts";
import { namedTypes } from "./named-types.ts";
import type { Doc } from "./read-docs.ts";

type Docs = ReadonlyMap<Setting, Doc>;

const HEAD = `# Configuration

<!-- Written by \`npm run reference\` from the schema in core/factory/. Do not edit. -->

A factory is one \`factory.config.ts\`. It exports what \`defineFactory\` returns, which validates the config and fills in
defaults:

\`\`\`ts
import { defineFactory, patchTuesday } from "amint";

export default defineFactory({
  name: "acme",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-exampleorgid", managementAccountId: "999988887777" },
  images: {
    "al2023-base": {
      os: "al2023",
      architecture: "x86_64",
      components: ["amint:update-al2023"],
      triggers: { schedule: patchTuesday({ plusDays: 1, at: "03:00", timezone: "Europe/Zurich" }) },
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [{ name: "stable", share: { organization: true } }],
    },
  },
});
\`\`\`

This page lists every key. In an editor, the same text appears when you hover over a key. \`npx amint validate
--offline\` checks a config, and names the path of each error. Paths on this page are written as in those messages:
\`<name>\` stands for a name that you choose, \`[]\` for an item of a list. A default of – means that nothing is set.
`;

const TYPES = `## Types
`;

const FORMER = `## Former names

A former name works for one minor version ([upgrading.md](upgrading.md#renamed-config-keys)).
`;

/** The page docs/configuration.md. @throws if a key is missing in `chapters.ts` */
export function toMarkdown(factory: Form, docs: Docs): string {
  const known = chapters.map((chapter) => ({
    ...chapter,
    settings: chapter.keys.flatMap((key) => factory.settings.find((one) => one.key === key) ?? []),
  }));
  const missing = factory.settings.filter(({ key }) => chapters.every(({ keys }) => !keys.includes(key)));
  if (missing.length > 0) {
    throw new Error(`stacks/factory/chapters.ts has no chapter for ${missing.map(({ key }) => key).join(", ")}.`);
  }
  const sections = sectionsOf(known.flatMap(({ settings }) => settings));
  const anchors = new Map(sections.flatMap((one) => one.uses.map((use) => [use, slug(one.heading)] as const)));
  const write: Writer = { docs, anchors };
  const of = (settings: readonly Setting[]) => sections.filter(({ top }) => settings.includes(top));
  return [
    HEAD,
    "## Contents\n",
    ...known.flatMap(({ title, settings }) => [
      `- [${title}](#${slug(title)})`,
      ...of(settings).map(({ heading }) => `  - [${heading}](#${slug(heading)})`),
    ]),
    "- [Types](#types)",
    "- [Former names](#former-names)\n",
    ...known.flatMap(({ title, about, settings }) => [
      `## ${title}\n`,
      `${about}\n`,
      tableOf(settings, write),
      ...of(settings).map((section) => describeSection(section, write)),
    ]),
    TYPES,
    table(
      ["type", "valid"],
      namedTypes.map((schema) => [titleOf(schema) ?? "", inCell(describeLimits(schema))]),
    ),
    FORMER,
    table(
      ["former name", "name", "accepted until"],
      renamedKeys.map(({ at, from, to, gone }) => [code(pathOf(at, from)), code(pathOf(at, to)), `version ${gone}`]),
    ),
  ].join("\n");
}

interface Writer {
  readonly docs: Docs;
  /** The anchor of the section that describes a key's object. */
  readonly anchors: ReadonlyMap<Setting, string>;
}

/** An object of the config, described once: at its shallowest path, the first if there are several. */
interface Section {
  readonly heading: string;
  readonly setting: Setting;
  /** All keys that consist of this object, `setting` first. */
  readonly uses: readonly Setting[];
  /** The top-level key that it is below. */
  readonly top: Setting;
}

function sectionsOf(settings: readonly Setting[]): readonly Section[] {
  const all = settings.flatMap((top) => objectsBelow(top).map((found) => ({ ...found, top })));
  const places = Map.groupBy(all, ({ setting }) => setting.forms[0]?.schema);
  const sections = [...places.values()].flatMap((found) => {
    const [first] = found.toSorted((one, other) => depthOf(one.setting) - depthOf(other.setting));
    if (!first) return [];
    const { setting, top, within } = first;
    const path = code(setting.forms[0]?.path ?? setting.path);
    const isUnique = all.every((other) => other.setting === setting || other.setting.path !== setting.path);
    const heading = isUnique || within === undefined ? path : `${path} with ${code(within)}`;
    const uses = [setting, ...found.map((one) => one.setting).filter((one) => one !== setting)];
    return [{ heading, setting, top, uses }];
  });
  const order = all.map(({ setting }) => setting);
  return sections.toSorted((one, other) => order.indexOf(one.setting) - order.indexOf(other.setting));
}

const depthOf = ({ path }: Setting): number => path.split(".").length;

interface Below {
  readonly setting: Setting;
  /** The key that distinguishes the enclosing form from others: `by: "inspector"`. */
  readonly within: string | undefined;
}

/** The key and all keys below it whose values are objects, in order. */
const objectsBelow = (setting: Setting, within?: string): readonly Below[] =>
  setting.forms.length === 0
    ? []
    : [
        { setting, within },
        ...setting.forms.flatMap(({ settings }) => settings.flatMap((one) => objectsBelow(one, mark(settings)))),
      ];

/** The key with only one valid value. */
function mark(settings: readonly Setting[]): string | undefined {
  const [key, type] =
    settings.map((one) => [one.key, describeType(one.schema)] as const).find(([, text]) => /^"[^"|]*"$/.test(text)) ??
    [];
  return key === undefined ? undefined : `${key}: ${type}`;
}

function describeSection({ heading, setting, uses }: Section, write: Writer): string {
  const { path, forms } = setting;
  const also = uses.slice(1).map((one) => code(one.path));
  const about = also.length > 0 ? `An object of this form is also valid for ${also.join(", ")}.` : "";
  const text = [write.docs.get(setting)?.text, about, `See ${linkTo(path)}.`].filter(Boolean).join(" ");
  const lines = [`### ${heading}\n`, wrap(text), ""];
  if (forms.length > 1) {
    const choices = forms.map(({ settings }) => code(`{ ${settings.map(formKey).join(", ")} }`));
    lines.push(wrap(`One of these forms, where \`?\` marks optional keys: ${choices.join(", ")}.`), "");
  }
  const shared = mergedSettings(forms);
  if (shared) return [...lines, tableOf(shared, write, path)].join("\n");
  const tables = forms.flatMap(({ settings }) => [
    `With ${code(mark(settings) ?? "")}:\n`,
    tableOf(settings, write, path),
  ]);
  return [...lines, ...tables].join("\n");
}

const formKey = ({ key, isRequired }: Setting): string => (isRequired ? key : `${key}?`);

/** All keys of several forms in one table; undefined if a key means different things in two of them. */
function mergedSettings(forms: readonly Form[]): readonly Setting[] | undefined {
  const merged = new Map<string, Setting>();
  for (const setting of forms.flatMap(({ settings }) => settings)) {
    const known = merged.get(setting.key);
    if (known && known.schema !== setting.schema) return undefined;
    if (!known) merged.set(setting.key, setting);
  }
  return [...merged.values()];
}

/** @param below the key whose section contains the table; the section already links to that key's page */
const tableOf = (settings: readonly Setting[], write: Writer, below?: string): string =>
  table(
    ["key", "type", "default", "example", "description"],
    settings.map((setting) => {
      const doc = write.docs.get(setting);
      if (!doc) throw new Error(`${setting.path} has no documentation.`);
      const page = below !== undefined && pageOf(setting.path) === pageOf(below) ? "" : ` See ${linkTo(setting.path)}.`;
      return [
        code(setting.key),
        typeOf(setting, write),
        setting.isRequired ? "**required**" : defaultOf(setting, doc),
        code(doc.example),
        `${inCell(doc.text)}${page}`,
      ];
    }),
  );

function typeOf(setting: Setting, { anchors }: Writer): string {
  const anchor = anchors.get(setting);
  const type = inCell(describeType(setting.schema));
  return anchor ? type.replace(/\bobject\b/, `[object](#${anchor})`) : type;
}

function defaultOf(setting: Setting, { defaultValue }: Doc): string {
  if (setting.default !== undefined) return code(toLiteral(setting.default));
  if (defaultValue === undefined) return "–";
  return /^("[^"]*"|\d+|true|false)$/.test(defaultValue) ? code(defaultValue) : inCell(defaultValue);
}

/** The value as a TypeScript literal. */
const toLiteral = (value: unknown): string =>
  JSON.stringify(value, undefined, 1)
    .replace(/\n\s*/g, " ")
    .replace(/"([A-Za-z_]\w*)":/g, "$1:");

const pageOf = (path: string): string => {
  const [, page] =
    Object.entries(pages)
      .filter(([start]) => path === start || (path.startsWith(start) && /^[.[]/.test(path.slice(start.length))))
      .sort(([one], [other]) => other.length - one.length)[0] ?? [];
  if (!page) throw new Error(`stacks/factory/chapters.ts has no page for ${path}.`);
  return page;
};

const linkTo = (path: string): string => `[${pageOf(path)}](${pageOf(path)})`;

const pathOf = (at: string, key: string): string =>
  [...at.split("."), key].filter(Boolean).join(".").replace("*", "<name>");

/** GitHub's anchor of a heading. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replace(/ /g, "-");

const code = (text: string): string => `\`${text.replace(/\|/g, "\\|")}\``;

/** Formats string literals as code, and escapes pipes, which would end the cell. */
const inCell = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replace(/"[^"]*"/g, "`$&`")))
    .join("")
    .replace(/\|/g, "\\|");

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");

const WIDTH = 120;

function wrap(text: string): string {
  const lines: string[] = [];
  for (const [word] of text.matchAll(/(?:`[^`]*`|[^\s`])+/g)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
