import { expect, test } from "vitest";
import { checkDockerfile } from "../../core/factory/check-container.ts";

const AT = "images.node.container.dockerfile";
const whole = `FROM {{{ imagebuilder:parentImage }}}
{{{ imagebuilder:environments }}}
{{{ imagebuilder:components }}}
`;

test("a template with Image Builder's three variables is valid, whatever else it contains", () => {
  expect(checkDockerfile(AT, whole)).toEqual([]);
  expect(checkDockerfile(AT, `# web\n${whole.replace("FROM", "from --platform=linux/arm64")}USER 1000\n`)).toEqual([]);
});

test.each([
  [
    "a variable is missing",
    whole.replace("{{{ imagebuilder:components }}}", ""),
    "expected {{{ imagebuilder:components }}} in the template, found none",
  ],
  [
    "a variable has too few braces",
    whole.replace("{{{ imagebuilder:environments }}}", "{{ imagebuilder:environments }}"),
    "expected three braces on each side, {{{ imagebuilder:environments }}}, found {{ imagebuilder:environments }}",
  ],
  [
    "a variable is none of Image Builder's",
    `${whole}# {{{ imagebuilder:buildDate }}}\n`,
    "expected one of {{{ imagebuilder:parentImage }}}, {{{ imagebuilder:environments }}}, {{{ imagebuilder:components }}}, found {{{ imagebuilder:buildDate }}}",
  ],
  [
    "it starts from something else than the parent",
    whole.replace("FROM {{{", "FROM scratch\n# {{{"),
    'expected a line "FROM {{{ imagebuilder:parentImage }}}", found none',
  ],
  [
    "it is too long for a recipe",
    whole + "#".repeat(16_000 - whole.length + 1),
    "expected at most 16000 characters, found 16001",
  ],
])("it is refused where %s", (_where, template, fault) => {
  expect(checkDockerfile(AT, template)).toEqual([`${AT}: ${fault}`]);
});
