/** Image Builder fills these into a Dockerfile template ("Create a new version of a container recipe", its user guide). */
const VARIABLES = ["parentImage", "environments", "components"];

/** Of a template that is given with the recipe (`InlineDockerFileTemplate` in the API's model). */
const MOST_CHARACTERS = 16_000;

/**
 * What is wrong with a Dockerfile template, by its own text: every variable stands in it exactly as Image Builder spells
 * it, the parent in its `FROM`, and it fits into a recipe.
 * @param at where the config names it, for the messages
 */
export function checkDockerfile(at: string, template: string): string[] {
  const used = [...template.matchAll(/\{\{\{?\s*imagebuilder:([^}\s]*)\s*\}\}\}?/g)];
  const faults = VARIABLES.filter((name) => !used.some(([, one]) => one === name)).map(
    (name) => `${at}: expected ${variable(name)} in the template, found none`,
  );
  for (const [text, name = ""] of used) {
    if (!VARIABLES.includes(name)) {
      faults.push(`${at}: expected one of ${VARIABLES.map(variable).join(", ")}, found ${text}`);
    } else if (!/^\{\{\{.*\}\}\}$/.test(text)) {
      faults.push(`${at}: expected three braces on each side, ${variable(name)}, found ${text}`);
    }
  }
  const isParent = /^FROM\s+(--platform=\S+\s+)?\{\{\{\s*imagebuilder:parentImage\s*\}\}\}/im.test(template);
  if (used.some(([, name]) => name === "parentImage") && !isParent) {
    faults.push(`${at}: expected a line "FROM ${variable("parentImage")}", found none`);
  }
  if (template.length > MOST_CHARACTERS) {
    faults.push(`${at}: expected at most ${MOST_CHARACTERS} characters, found ${template.length}`);
  }
  return faults;
}

const variable = (name: string): string => `{{{ imagebuilder:${name} }}}`;
