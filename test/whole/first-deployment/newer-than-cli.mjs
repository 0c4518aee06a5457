// An operation of the AWS CLI by the SDK: both derive names of operations and options from the API's by the same rules.
const [service = "", operation = "", ...options] = process.argv.slice(2);
const toPascal = (name) => name.replaceAll(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());
const { region = process.env.AWS_DEFAULT_REGION, ...given } = Object.fromEntries(
  options.flatMap((option, at) => {
    if (!option.startsWith("--")) return [];
    const value = options[at + 1];
    if (value !== undefined && !value.startsWith("--")) return [[option.slice(2), value]];
    return [[option.replace(/^--(no-)?/, ""), !option.startsWith("--no-")]];
  }),
);
const input = Object.fromEntries(Object.entries(given).map(([name, value]) => [toPascal(name), value]));
const sdk = await import(`@aws-sdk/client-${service}`);
const Client = Object.entries(sdk).find(([name]) => name.toLowerCase() === `${service}client`)?.[1];
await new Client({ region, endpoint: process.env.AWS_ENDPOINT_URL }).send(
  new sdk[`${toPascal(operation)}Command`](input),
);
