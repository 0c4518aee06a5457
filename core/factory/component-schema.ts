import * as z from "zod";

const AWS = "aws:";

const DOCUMENT = /^(amint:[a-z0-9-]+|(?!\/)[\w./-]+\.ya?ml)$/;

const documentSchema = z.string().regex(DOCUMENT, {
  error:
    '"amint:<name>" (a document that Amint provides) or the path of a document such as "images/components/harden-ssh.yaml"',
});

const nameSchema = z.string().regex(/^[a-z0-9-]+$/, { error: 'the name of an AWS component such as "update-linux"' });

/** As CreateImageRecipe accepts it (API reference, ComponentConfiguration); after an `x` only `x` follows, as in `1.x.x`. */
const arnSchema = z
  .string()
  .regex(
    /^arn:aws[^:]*:imagebuilder:[^:]+:(\d{12}|aws(-[a-z-]+)?):component\/[a-z0-9_-]+\/((\d+\.\d+\.\d+)(\/\d+)?|\d+\.\d+\.x|\d+\.x\.x|x\.x\.x)$/,
    {
      error:
        'a component ARN with a version, or x for any number, such as "arn:aws:imagebuilder:eu-west-1:aws:component/stig-build-linux-high/x.x.x"',
    },
  );

/** AWSTOE's rules for names (user guide, "Use variables in your custom component document"). */
const parametersSchema = z
  .record(
    z.string().regex(/^[A-Za-z0-9_-]{3,128}$/, { error: 'a parameter name of 3 to 128 letters, digits, "_" and "-"' }),
    // Not z.string(), which reports a wrong type as if another form of the component was meant.
    z.custom<string>((value) => typeof value === "string" && !value.includes("\0"), {
      error: "text in quotes, without NUL",
    }),
  )
  .default({});

const parameters = {
  /**
   * Values for parameters that the component declares. They are visible in the recipe: do not put secrets here.
   * @example { Level: "High" }
   */
  parameters: parametersSchema,
};

const EXPECTED =
  '"aws:<name>" (an AWS component), "amint:<name>" (a document that Amint provides), the path of a document such as ' +
  '"images/components/harden-ssh.yaml", or { document }, { aws } or { arn } with parameters';

/** The short form. */
export const nameOrPathSchema = z
  .string()
  .regex(new RegExp(`^${AWS}[a-z0-9-]+$|${DOCUMENT.source}`), { error: EXPECTED })
  .meta({ title: "component" });

const formsSchema = z.union(
  [
    nameOrPathSchema,
    z.strictObject({
      /**
       * A document of the project by its path, or one that Amint provides. Short form: the same text without an object.
       * @example "images/components/harden-ssh.yaml"
       */
      document: documentSchema,
      ...parameters,
    }),
    z.strictObject({
      /**
       * A component that AWS owns, in its newest version. Short form: `"aws:<name>"`.
       * @example "stig-build-linux"
       */
      aws: nameSchema,
      ...parameters,
    }),
    z.strictObject({
      /**
       * Any other component, by ARN: an AWS component in a fixed version, one of the factory's account, or a shared one.
       * @example "arn:aws:imagebuilder:eu-west-1:444455556666:component/antivirus/1.x.x"
       */
      arn: arnSchema,
      ...parameters,
    }),
  ],
  { error: EXPECTED },
);

/** A component of a recipe, in any of the config's forms. */
export const componentSchema = formsSchema.transform((component) => {
  if (typeof component !== "string") return component;
  return component.startsWith(AWS)
    ? { aws: component.slice(AWS.length), parameters: {} }
    : { document: component, parameters: {} };
});

export type Component = z.output<typeof componentSchema>;
