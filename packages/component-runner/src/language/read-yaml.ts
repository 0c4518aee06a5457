import {
  type Document,
  isMap,
  isScalar,
  LineCounter,
  parseDocument as parseYaml,
  Scalar,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";

/** A position in a document. Both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

interface YamlFault extends Place {
  readonly message: string;
}

/** A document's nodes, and its YAML errors. */
export interface ReadYaml {
  readonly yaml: Document;
  readonly text: string;
  /** Syntax errors: nothing else can be checked. */
  readonly broken: readonly YamlFault[];
  /** Unquoted references, which YAML reads as mappings; their nodes are replaced by strings. */
  readonly unquoted: readonly YamlFault[];
  readonly anchors: readonly YamlFault[];
  /** @param offset from the text's beginning, in characters */
  placeAt(offset: number): Place;
}

export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const yaml = parseYaml(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const broken = yaml.errors.map((error) => ({ ...placeAt(error.pos[0]), message: explain(error, text, lines) }));
  const anchors: YamlFault[] = [];
  const unquoted: YamlFault[] = [];
  visit(broken.length > 0 ? null : yaml, {
    Map(_, map) {
      const written = referenceOf(map, text);
      if (written === undefined || !map.range) return undefined;
      const message = `YAML reads ${written} as a mapping. Quote the value: "${written}".`;
      unquoted.push({ ...placeAt(map.range[0]), message });
      const scalar = new Scalar(written);
      scalar.range = map.range;
      return scalar;
    },
    Alias(_, alias) {
      const place = placeAt(alias.range?.[0] ?? 0);
      const name = `*${alias.source}`;
      if (!alias.resolve(yaml)) {
        broken.push({
          ...place,
          message: `YAML reads ${name} as an alias, without an anchor. Quote a text that begins with *.`,
        });
      } else {
        anchors.push({
          ...place,
          message: `AWSTOE's guide does not mention YAML aliases such as ${name}. Repeat the text instead.`,
        });
      }
    },
  });
  return { yaml, text, broken, unquoted, anchors, placeAt };
}

/** `{{ X }}`: a mapping whose only key is a mapping. */
function referenceOf(map: YAMLMap, text: string): string | undefined {
  const [only, ...others] = map.items;
  if (!map.flow || others.length > 0 || !isMap(only?.key) || !only.key.flow || !map.range) return undefined;
  if (isScalar(only.value) && only.value.value !== null) return undefined;
  return text.slice(map.range[0], map.range[1]);
}

function explain({ code, message, pos }: YAMLError, text: string, lines: LineCounter): string {
  const { line } = lines.linePos(pos[0]);
  const written = text.split("\n")[line - 1] ?? "";
  switch (code) {
    case "DUPLICATE_KEY":
      return `The key '${/^[^:\s]+/.exec(text.slice(pos[0]))?.[0] ?? ""}' appears more than once here.`;
    case "MULTIPLE_DOCS":
      return "A component is one YAML document. Remove what follows this '---'.";
    case "TAB_AS_INDENT":
      return "YAML does not allow tabs as indentation. Use spaces.";
    default:
      if (/(?:^|[:-])\s+\{\{/.test(written)) return `${message}. Quote a value that begins with {{.`;
      return message;
  }
}
