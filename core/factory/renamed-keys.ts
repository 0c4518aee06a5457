import type { BenchmarkInput } from "./benchmark-schema.ts";

/** Amint's version: that of package.json, which core cannot read. */
export const VERSION = "0.1.0";

/** A key of the config that has a new name. It stays where it is. */
export interface Rename {
  /** The path of the object that has the key, with `*` for any name or position: `images.*.gate`; empty for the factory. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** The version that introduces the new name. */
  readonly since: string;
  /** The version that no longer accepts the former name: one minor version after `since`. */
  readonly gone: string;
}

/** All renames. An entry stays after its key's end, because the error names the new key. */
export const renamedKeys: readonly Rename[] = [
  { at: "images.*.gate", from: "cis", to: "benchmark", since: "0.1.0", gone: "0.2.0" },
  { at: "reconcile", from: "fullLook", to: "fullComparisonEvery", since: "0.1.0", gone: "0.2.0" },
];

/** The former names that still work, for TypeScript. */
export interface FormerKeys {
  images?:
    | Readonly<
        Record<
          string,
          {
            gate?: {
              /** @deprecated Use `benchmark`. */
              cis?: BenchmarkInput | undefined;
            };
          }
        >
      >
    | undefined;
  reconcile?:
    | {
        /** @deprecated Use `fullComparisonEvery`. */
        fullLook?: string | undefined;
      }
    | undefined;
}

/** A former name that a config uses. */
export interface RenamedKey {
  /** Paths in the config: `images.base.gate.cis`. */
  readonly from: string;
  readonly to: string;
  readonly since: string;
  readonly gone: string;
}

interface Renamed {
  /** The config with new names only. */
  readonly input: unknown;
  readonly used: readonly RenamedKey[];
  /** Keys whose time is over, and keys that stand beside their new name: each with its path. */
  readonly faults: readonly string[];
}

/** Gives a config's keys their new names, before the schema sees them. */
export function renameKeys(config: unknown, renames: readonly Rename[], version = VERSION): Renamed {
  const used: RenamedKey[] = [];
  const faults: string[] = [];
  let input = config;
  for (const { at, from, to, since, gone } of renames) {
    input = mapObjects(input, at === "" ? [] : at.split("."), (found, path) => {
      if (!Object.hasOwn(found, from)) return found;
      const [former, present] = [toPath([...path, from]), toPath([...path, to])];
      const isBoth = Object.hasOwn(found, to);
      if (isBoth) faults.push(`${former}: renamed to ${present}, which is also given; remove ${former}`);
      else if (isBefore(version, gone)) used.push({ from: former, to: present, since, gone });
      else faults.push(`${former}: renamed to ${present} in version ${since}; the former name ended with ${gone}`);
      if (isBoth) return omit(found, from);
      return Object.fromEntries(Object.entries(found).map(([key, value]) => [key === from ? to : key, value]));
    });
  }
  return { input, used, faults };
}

/** A fault with the path that the config has: of a renamed key its former name. */
export function asWritten(fault: string, used: readonly RenamedKey[]): string {
  const named = used.find(({ to }) => fault.startsWith(to) && /^[:.[]/.test(fault.slice(to.length)));
  return named ? `${named.from}${fault.slice(named.to.length)}` : fault;
}

/** By number, not by letter: 0.10.0 comes after 0.9.0. */
const isBefore = (version: string, other: string): boolean =>
  new Intl.Collator("en", { numeric: true }).compare(version, other) < 0;

type Keyed = Readonly<Record<string, unknown>>;

const isKeyed = (value: unknown): value is Keyed =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value with each object at a path replaced; what is not an object there is left for the schema to refuse. */
function mapObjects(
  value: unknown,
  [key, ...rest]: readonly string[],
  map: (found: Keyed, path: readonly (string | number)[]) => Keyed,
  path: readonly (string | number)[] = [],
): unknown {
  if (key === undefined) return isKeyed(value) ? map(value, path) : value;
  if (Array.isArray(value)) {
    return key === "*" ? value.map((one, index) => mapObjects(one, rest, map, [...path, index])) : value;
  }
  if (!isKeyed(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      key === "*" || key === name ? mapObjects(one, rest, map, [...path, name]) : one,
    ]),
  );
}

const omit = (value: Keyed, key: string): Keyed =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));

/** `images.al2023-base.channels[0].soak` */
export const toPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    "",
  );

/** Registered, so that two copies of this module agree. */
const USED = Symbol.for("amint.renamedKeys");

/** Notes the former names that a factory's config uses. JSON leaves them out, and so do the functions' bundles. */
export const noteRenamedKeys = <Factory extends object>(factory: Factory, used: readonly RenamedKey[]): Factory =>
  Object.defineProperty(factory, USED, { value: used, enumerable: false });

/** The former names that the config of a factory uses. @param factory what `defineFactory` returned */
export const renamedKeysOf = (factory: object): readonly RenamedKey[] =>
  (factory as { readonly [USED]?: readonly RenamedKey[] })[USED] ?? [];

/** `factory.config.ts: reconcile.fullLook is now called ...` */
export const describeRenamedKey = ({ from, to, gone }: RenamedKey): string =>
  `factory.config.ts: ${from} is now called ${to}; the former name works until version ${gone}`;
