import { type Key, type Kind, kinds } from "../../core/ledger/kinds.ts";

type Form = readonly [partition: string, sort: string];

/**
 * The former keys of records, from before each kind had its own partition: most were in one partition for all images,
 * or in one per build. Kinds that are not listed have not moved.
 */
export const formerForms: Partial<Readonly<Record<Kind, Form>>> = {
  claim: ["IMAGES", "{image}#ACTIVE"],
  reason: ["IMAGES", "{image}#PENDING#{token}"],
  build: ["IMAGES", "{image}#BUILD#{build}"],
  channel: ["IMAGES", "{image}#CHANNEL#{channel}"],
  started: ["STARTED#{image}", "{token}"],
  suppressed: ["SUPPRESSED#{image}", "{token}"],
  instances: ["BUILD#{build}", "INSTANCES"],
  evidence: ["BUILD#{build}", "EVIDENCE"],
  gate: ["BUILD#{build}", "GATE"],
  copy: ["BUILD#{build}", "COPY#{region}"],
  share: ["BUILD#{build}", "SHARE#{channel}#{region}"],
  verified: ["BUILD#{build}", "VERIFIED#{channel}#{region}#{account}"],
  launchable: ["BUILD#{build}", "LAUNCHABLE#{channel}#{region}"],
  approval: ["BUILD#{build}", "APPROVAL#{channel}"],
  answer: ["BUILD#{build}", "ANSWER#{channel}#{at}#{id}"],
  openApproval: ["APPROVALS", "{build}#{channel}"],
  history: ["HISTORY#{image}#{channel}", "{at}#{build}"],
  move: ["BUILD#{build}", "MOVE#{channel}"],
  undone: ["BUILD#{build}", "UNDONE"],
  revocation: ["BUILD#{build}", "REVOKED"],
  withdrawal: ["BUILD#{build}", "WITHDRAWN#{at}#{region}"],
  rollback: ["ROLLBACKS#{image}#{channel}", "{seen}#{at}#{id}"],
  removed: ["BUILD#{build}", "REMOVED"],
  openWork: ["LOOKS", "OPEN#{work}"],
  slackRequest: ["SLACK#{signature}", "REQUEST"],
  notice: ["NOTICE#{event}", "{to}"],
};

/** A record's key in both layouts. */
export interface Pair {
  readonly kind: Kind;
  readonly former: Key;
  readonly present: Key;
}

const presentForm = (kind: Kind): Form => [kinds[kind].partition, kinds[kind].sort];
const allKinds = Object.keys(kinds) as Kind[];

const moved = allKinds.flatMap((kind) => {
  const form = formerForms[kind];
  return form ? [{ kind, former: form, present: presentForm(kind) }] : [];
});
const patterns = new Map(
  moved.map(({ kind, former, present }) => [kind, { former: toPattern(former), present: toPattern(present) }]),
);

/** Both keys of a moved record, from either; undefined for records that have not moved, or are unknown. */
export function pairOf(key: Key): Pair | undefined {
  for (const layout of ["former", "present"] as const) {
    for (const { kind, former, present } of moved) {
      const parts = patterns.get(kind)?.[layout].exec(toText(key))?.groups;
      if (parts) return { kind, former: toKey(former, parts), present: toKey(present, parts) };
    }
  }
  return undefined;
}

const unmoved = allKinds.filter((kind) => !formerForms[kind]).map((kind) => toPattern(presentForm(kind)));

/** Whether a record that has not moved is a known kind; Powertools names its own partitions. */
export const isKnown = (key: Key): boolean =>
  key.pk.startsWith("idempotency#") || unmoved.some((pattern) => pattern.test(toText(key)));

/** Keys have no line breaks. */
const toText = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

const toKey = ([partition, sort]: Form, parts: Readonly<Record<string, string>>): Key => ({
  pk: fill(partition, parts),
  sk: fill(sort, parts),
});

const fill = (form: string, parts: Readonly<Record<string, string>>): string =>
  form.replaceAll(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? "");

/** Parts have no `#`, except possibly the last: a URL, or a description. */
function toPattern([partition, sort]: Form): RegExp {
  const form = `${partition}\n${sort}`;
  const last = form.lastIndexOf("{");
  const pattern = form.replaceAll(/\{(\w+)\}/g, (_, name: string, at: number) =>
    at === last ? `(?<${name}>.+)` : `(?<${name}>[^#\\n]*)`,
  );
  return new RegExp(`^${pattern}$`);
}
