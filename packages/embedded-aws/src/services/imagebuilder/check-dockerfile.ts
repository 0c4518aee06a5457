import { invalidValue } from "./refusals.ts";

/** "Create a new version of a container recipe", Image Builder user guide: the Dockerfile template's variables. */
const variable = (name: string): string => `{{{ imagebuilder:${name} }}}`;

/**
 * The base image stands in each template; what carries the components, where the recipe has components. The guide shows all
 * three and does not say which Image Builder insists on: taken from what a build needs, not seen on AWS.
 */
const REQUIRED = ["parentImage"];
const WITH_COMPONENTS = ["environments", "components"];

/**
 * Checks a Dockerfile template by its variables: those that a build fills in must be there, and no others.
 * @throws AwsError InvalidParameterValueException naming the variable
 */
export function checkDockerfile(template: string, hasComponents: boolean): string {
  const found = [...template.matchAll(/\{\{\{\s*imagebuilder:([^}\s]*)\s*\}\}\}/g)].map(([, name = ""]) => name);
  const missing = [...REQUIRED, ...(hasComponents ? WITH_COMPONENTS : [])].find((name) => !found.includes(name));
  const parameter = "dockerfileTemplateData";
  if (missing) throw invalidValue(parameter, `The Dockerfile template must contain '${variable(missing)}'.`);
  const known = [...REQUIRED, ...WITH_COMPONENTS];
  const unknown = found.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const valid = known.map(variable).join(", ");
    throw invalidValue(parameter, `The Dockerfile template has '${variable(unknown)}'; valid are ${valid}.`);
  }
  return template;
}
