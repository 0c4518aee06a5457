/** Amazon's own accounts, and those of verified providers, whose images carry the alias `amazon`. */
const AMAZON: readonly string[] = ["137112412989", "801119661308", "099720109477"];

export const ownerAlias = (account: string): string | undefined => (AMAZON.includes(account) ? "amazon" : undefined);
