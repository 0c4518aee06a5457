/** The kinds of resources with ARNs, as the service authorization reference names their paths. */
export type ResourceKind =
  | "component"
  | "image-recipe"
  | "container-recipe"
  | "infrastructure-configuration"
  | "distribution-configuration"
  | "image-pipeline"
  | "image"
  | "workflow-execution"
  | "workflow-step-execution";

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The parts of an Image Builder ARN; `version` may hold `x`, `build` is there only in build version ARNs. */
export interface ArnParts extends Place {
  readonly kind: string;
  /** Normalised: as in the ARN, not as the resource was called. */
  readonly name: string;
  readonly version: string | undefined;
  readonly build: string | undefined;
}

/** ARNs carry names in lower case, with hyphens for everything else: "My Image_2" becomes `my-image-2`. */
export const normalised = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-");

export const arnOf = (place: Place, kind: ResourceKind, ...path: readonly (string | number)[]): string =>
  `arn:aws:imagebuilder:${place.region}:${place.account}:${[kind, ...path].join("/")}`;

const FORM = /^arn:aws[^:]*:imagebuilder:([^:]*):(\d{12}|aws):([a-z-]+)\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/;

/** Undefined for what is no Image Builder ARN. */
export function parseArn(arn: string): ArnParts | undefined {
  const [, region, account, kind, name, version, build] = FORM.exec(arn) ?? [];
  if (region === undefined || account === undefined || kind === undefined || name === undefined) return undefined;
  return { region, account, kind, name, version, build };
}
