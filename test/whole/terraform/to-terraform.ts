import type { Blueprint, BlueprintResource } from "embedded-aws/deploy";
import type { ProviderException } from "./provider-exceptions.ts";
import {
  type AttributeType,
  argumentName,
  attributeName,
  type Block,
  type ProviderSchema,
  terraformType,
} from "./provider-schema.ts";

/** A configuration in Terraform's JSON syntax, without its providers. */
export interface TerraformJson {
  readonly variable?: Readonly<Record<string, object>>;
  readonly locals?: Readonly<Record<string, number>>;
  readonly data?: ByType;
  readonly resource?: ByType;
}

type ByType = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

export interface Conversion {
  readonly schema: ProviderSchema;
  readonly exceptions: readonly ProviderException[];
  /** The archive of all functions, as `filename` takes it. */
  readonly archive: string;
}

/** The provider hashicorp/random generates these; here each is a local value. */
const RANDOM = "random:index/randomInteger:RandomInteger";
const REFERENCE = /\$\{([A-Za-z][\w-]*)\.([A-Za-z]\w*)\}/g;
const LOOKUP = /\{\{resolve:ssm:([\w./-]+)\}\}/g;

/**
 * The blueprint as a Terraform configuration. Secrets become variables, lookups of parameters data sources. `retainOnDelete`
 * is left out: Terraform destroys everything that it created.
 */
export function toTerraform(blueprint: Blueprint, conversion: Conversion): TerraformJson {
  const converter = new Converter(blueprint, conversion);
  for (const resource of blueprint.resources) converter.add(resource);
  const { variable, locals, data, resource } = converter;
  // Terraform does not accept empty ones.
  return Object.fromEntries(
    Object.entries({ variable, locals, data, resource }).filter(([, some]) => Object.keys(some).length > 0),
  );
}

class Converter {
  readonly variable: Record<string, object> = {};
  readonly locals: Record<string, number> = {};
  readonly data: Record<string, Record<string, Record<string, unknown>>> = {};
  readonly resource: Record<string, Record<string, Record<string, unknown>>> = {};
  readonly #blueprint: Blueprint;
  readonly #conversion: Conversion;
  readonly #byName: ReadonlyMap<string, BlueprintResource[]>;

  constructor(blueprint: Blueprint, conversion: Conversion) {
    this.#blueprint = blueprint;
    this.#conversion = conversion;
    this.#byName = Map.groupBy(blueprint.resources, ({ name }) => name);
  }

  add(resource: BlueprintResource): void {
    if (resource.type === RANDOM) {
      this.locals[resource.name] = Object.keys(this.locals).length + 1;
      return;
    }
    const { schema } = this.#conversion;
    const { type, isData } = terraformType(schema, resource.type);
    const schemas = isData ? schema.data_source_schemas : schema.resource_schemas;
    const block = schemas[type]?.block ?? {};
    const body = this.#except(type, this.#body(type, block, resource.inputs));
    const place = isData ? this.data : this.resource;
    place[type] ??= {};
    place[type][resource.name] = {
      ...this.#provider(resource),
      ...body,
      ...(resource.handler && { filename: this.#conversion.archive }),
      ...this.#lifecycle(resource, type, block),
      ...this.#dependsOn(resource),
    };
  }

  #provider({ region }: BlueprintResource) {
    return region === this.#blueprint.buildRegion ? {} : { provider: `aws.${region}` };
  }

  #lifecycle({ options = {} }: BlueprintResource, type: string, block: Block) {
    const { ignoreChanges = [], deleteBeforeReplace, protect } = options;
    const lifecycle = {
      ...(ignoreChanges.length > 0 && {
        ignore_changes: ignoreChanges.map((input) => argumentName(block, type, input)),
      }),
      ...(deleteBeforeReplace === false && { create_before_destroy: true }),
      ...(protect && { prevent_destroy: true }),
    };
    return Object.keys(lifecycle).length > 0 ? { lifecycle } : {};
  }

  #dependsOn({ dependencies = {} }: BlueprintResource) {
    const names = new Set(Object.values(dependencies).flat());
    const addresses = [...names].flatMap((name) =>
      (this.#byName.get(name) ?? []).filter(({ type }) => type !== RANDOM).map((one) => this.#address(one)),
    );
    return addresses.length > 0 ? { depends_on: addresses.sort() } : {};
  }

  #address(resource: BlueprintResource): string {
    const { type, isData } = terraformType(this.#conversion.schema, resource.type);
    return `${isData ? "data." : ""}${type}.${resource.name}`;
  }

  #except(type: string, body: Record<string, unknown>): Record<string, unknown> {
    for (const { type: of, argument, value, instead } of this.#conversion.exceptions) {
      if (of !== type || (value !== undefined && body[argument] !== value)) continue;
      if (instead === undefined) delete body[argument];
      else body[argument] = instead;
    }
    return body;
  }

  #body(type: string, block: Block, inputs: object): Record<string, unknown> {
    const entries = Object.entries(inputs).map(([input, value]) => {
      const name = argumentName(block, type, input);
      const nested = block.block_types?.[name]?.block;
      if (!nested) return [name, this.#value(value, block.attributes?.[name]?.type)];
      const bodies = [value].flat().map((one: object) => this.#body(type, nested, one));
      return [name, Array.isArray(value) ? bodies : bodies[0]];
    });
    return Object.fromEntries(entries);
  }

  /** An attribute's value: documents may stand as objects, objects inside lists lack what is not set. */
  #value(value: unknown, type: AttributeType | undefined): unknown {
    if (typeof value === "string") return this.#template(value);
    if (type === "string" && typeof value === "object") return this.#template(JSON.stringify(value));
    if (Array.isArray(value)) return value.map((one) => this.#value(one, elementOf(type)));
    if (typeof value !== "object" || value === null) return value;
    const members = membersOf(type);
    const set = Object.entries(value).map(([key, one]) => {
      const name = members ? attributeName(key) : this.#template(key);
      return [name, this.#value(one, members?.[name])];
    });
    const unset = Object.keys(members ?? {}).map((name) => [name, null]);
    return Object.fromEntries([...unset, ...set]);
  }

  /** Text with references to other resources; other template syntax is escaped. */
  #template(text: string): string {
    const kept: string[] = [];
    const keep = (expression: string): string => `\0${kept.push(`\${${expression}}`) - 1}\0`;
    return text
      .replace(REFERENCE, (_, name: string, attribute: string) => keep(this.#reference(name, attribute)))
      .replace(LOOKUP, (_, parameter: string) => keep(this.#lookup(parameter)))
      .replace(/[$%](?=\{)/g, (sign) => sign + sign)
      .replace(/\0(\d+)\0/g, (_, at: string) => kept[Number(at)] ?? "");
  }

  #reference(name: string, attribute: string): string {
    if (name === "secret") {
      this.variable[attribute] = { type: "string", sensitive: true };
      return `var.${attribute}`;
    }
    const [target] = this.#byName.get(name) ?? [];
    if (!target) throw new Error(`The blueprint has no resource ${name}`);
    return target.type === RANDOM ? `local.${name}` : `${this.#address(target)}.${attributeName(attribute)}`;
  }

  #lookup(parameter: string): string {
    const name = parameter.replace(/\W+/g, "_").replace(/^_/, "");
    this.data.aws_ssm_parameter = { ...this.data.aws_ssm_parameter, [name]: { name: parameter } };
    return `data.aws_ssm_parameter.${name}.insecure_value`;
  }
}

const elementOf = (type: AttributeType | undefined): AttributeType | undefined =>
  Array.isArray(type) && (type[0] === "list" || type[0] === "set") ? type[1] : undefined;

const membersOf = (type: AttributeType | undefined): Readonly<Record<string, AttributeType>> | undefined =>
  Array.isArray(type) && type[0] === "object" ? type[1] : undefined;
