import { API, type Checker, type Project, type Symbol as TsSymbol, type Type } from "typescript/unstable/sync";
import type { Form, Setting } from "../../core/factory/settings.ts";

/** The TSDoc comment of a key: what an editor shows. */
export interface Doc {
  readonly text: string;
  readonly example: string;
  /** What applies without the key; undefined if the schema has a default or the key is required. */
  readonly defaultValue?: string;
}

const TYPES = "packages/tsconfig.amint.json";

/**
 * The TSDoc comments of the keys of `FactoryInput`, as TypeScript's language service reads them.
 * @param root the repository's folder
 * @throws if a key of the schema is missing in the type
 */
export const readDocs = (root: string, forms: readonly Form[]): ReadonlyMap<Setting, Doc> =>
  withInputType(root, (checker, type) => {
    const docs = new Map<Setting, Doc>();
    collect(checker, forms, objectsIn(checker, type), docs);
    return docs;
  });

/** Opens the package's types. @param read gets the type `FactoryInput` */
export function withInputType<Result>(root: string, read: (checker: Checker, type: Type) => Result): Result {
  const api = new API({ cwd: root });
  try {
    const config = `${root}/${TYPES}`;
    const project = api.updateSnapshot({ openProject: config }).getProject(config);
    if (!project) throw new Error(`TypeScript does not open ${config}.`);
    return read(project.checker, inputType(project, root));
  } finally {
    api.close();
  }
}

function inputType({ checker, program }: Project, root: string): Type {
  const file = program.getSourceFile(`${root}/core/factory/amint.ts`);
  const module = file && checker.getSymbolAtLocation(file);
  const exported = module && checker.getExportsOfModule(module).find(({ name }) => name === "FactoryInput");
  if (!exported) throw new Error("core/factory/amint.ts does not export FactoryInput.");
  return checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(exported));
}

/** The objects in a type, at any depth of lists and maps. */
function objectsIn(checker: Checker, type: Type | undefined): Type[] {
  if (!type) return [];
  if (type.isUnionType()) return (type.getTypes() ?? []).flatMap((one) => objectsIn(checker, one));
  if (checker.isArrayType(type)) return objectsIn(checker, itemsOf(checker, type));
  if (!type.isObjectType() && !type.isIntersectionType()) return [];
  const entries = checker.getIndexInfosOfType(type);
  return entries.length > 0 ? entries.flatMap(({ valueType }) => objectsIn(checker, valueType)) : [type];
}

export const itemsOf = (checker: Checker, type: Type): Type | undefined =>
  type.isTypeReference() ? checker.getTypeArguments(type)[0] : undefined;

function collect(checker: Checker, forms: readonly Form[], types: readonly Type[], docs: Map<Setting, Doc>): void {
  for (const { settings } of forms) {
    // Former names of keys are in the type only.
    const type = types.find((one) => settings.every(({ key }) => checker.getPropertyOfType(one, key)));
    for (const setting of settings) {
      const symbol = type && checker.getPropertyOfType(type, setting.key);
      if (!symbol) throw new Error(`FactoryInput does not have ${setting.path}.`);
      docs.set(setting, docOf(checker, symbol));
      collect(checker, setting.forms, objectsIn(checker, checker.getTypeOfSymbol(symbol)), docs);
    }
  }
}

function docOf(checker: Checker, symbol: TsSymbol): Doc {
  const tags = checker.getJsDocTagsOfSymbol(symbol);
  const tag = (name: string): string | undefined => {
    const text = tags.find((one) => one.name === name)?.text;
    return text === undefined ? undefined : oneLine(text);
  };
  const defaultValue = tag("defaultValue");
  return {
    text: oneLine(checker.getDocumentationCommentOfSymbol(symbol)),
    example: tag("example") ?? "",
    ...(defaultValue !== undefined && { defaultValue }),
  };
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
