import * as z from "zod";

const AWS = "aws:";

const DOCUMENT = /^(amint:[a-z0-9-]+|(?!\/)[\w./-]+\.ya?ml)$/;

const documentSchema = z.string().regex(DOCUMENT, {
  error:
    '"amint:<name>" (a document that comes with Amint) or the path of a document such as "images/components/harden-ssh.yaml"',
});

const nameSchema = z.string().regex(/^[a-z0-9-]+$/, { error: 'the name of a component of AWS such as "update-linux"' });

/** As CreateImageRecipe takes it (API reference, ComponentConfiguration); `x` only stands last, as in `1.x.x`. */
const arnSchema = z
  .string()
  .regex(
    /^arn:aws[^:]*:imagebuilder:[^:]+:(\d{12}|aws(-[a-z-]+)?):component\/[a-z0-9_-]+\/((\d+\.\d+\.\d+)(\/\d+)?|\d+\.\d+\.x|\d+\.x\.x|x\.x\.x)$/,
    {
      error:
        'the ARN of a component with its version, or x for any, such as "arn:aws:imagebuilder:eu-west-1:aws:component/stig-build-linux-high/x.x.x"',
    },
  );

/** By AWSTOE's rules (user guide, "Use variables in your custom component document"); the value is a recipe's. */
const parametersSchema = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{3,128}$/, { error: 'the name of a parameter: 3 to 128 letters, digits, "_" and "-"' }),
    // Of its own, because z.string() reports a wrong type as if another form of the component was meant.
    z.custom<string>((value) => typeof value === "string" && !value.includes("\0"), {
      error: "text in quotes, without NUL",
    }),
  )
  .default({});

const parameters = { parameters: parametersSchema };

const EXPECTED =
  '"aws:<name>" (a component of AWS), "amint:<name>" (one that comes with Amint), the path of a document such as ' +
  '"images/components/harden-ssh.yaml", or { document }, { aws } or { arn } with parameters';

const formsSchema = z.union(
  [
    z.string().regex(new RegExp(`^${AWS}[a-z0-9-]+$|${DOCUMENT.source}`), { error: EXPECTED }),
    z.strictObject({ document: documentSchema, ...parameters }),
    z.strictObject({ aws: nameSchema, ...parameters }),
    z.strictObject({ arn: arnSchema, ...parameters }),
  ],
  { error: EXPECTED },
);

/** A component of a recipe, whichever form the config uses. */
export const componentSchema = formsSchema.transform((component) => {
  if (typeof component !== "string") return component;
  return component.startsWith(AWS)
    ? { aws: component.slice(AWS.length), parameters: {} }
    : { document: component, parameters: {} };
});

export type Component = z.output<typeof componentSchema>;
