// Judges writes by ValidatingAdmissionPolicies as the API server does: every validation of every policy whose constraints and conditions match
// has to be true, and what cannot be evaluated is refused (failurePolicy Fail).
//
//   node admission.mjs <node_modules>
//
// reads {"policies": [...], "writes": [{request, object, oldObject, namespaceObject}]}, one on a line, and answers each with a line: for every write the
// messages of what refuses it.
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const { celEnv, isCelError, parse, plan } = createRequire(join(process.argv[2], "x.js"))("@bufbuild/cel");

// JSON as CEL sees it in the API server: mappings are maps, whole numbers are int.
function celValue(value) {
  if (Array.isArray(value)) return value.map(celValue);
  if (value !== null && typeof value === "object") return new Map(Object.entries(value).map(([key, item]) => [key, celValue(item)]));
  return Number.isInteger(value) ? BigInt(value) : value;
}

const env = celEnv();
const planned = new Map();

function planOf(expression) {
  if (!planned.has(expression)) planned.set(expression, plan(env, parse(expression)));
  return planned.get(expression);
}

function isTrue(expression, write) {
  try {
    const result = planOf(expression)(write);
    return isCelError(result) ? { error: String(result.message ?? result) } : { holds: result === true };
  } catch (error) {
    return { error: String(error) };
  }
}

function matches(policy, { request }, bound) {
  return policy.spec.matchConstraints.resourceRules.some((rule) =>
    rule.apiGroups.includes(request.resource.group) && rule.resources.includes(request.resource.resource) && rule.operations.includes(request.operation))
    && (policy.spec.matchConditions ?? []).every((condition) => isTrue(condition.expression, bound).holds);
}

function refusals(policies, write) {
  const bound = Object.fromEntries(["request", "object", "oldObject", "namespaceObject"].map((name) => [name, celValue(write[name] ?? null)]));
  return policies.filter((policy) => matches(policy, write, bound)).flatMap((policy) => policy.spec.validations.flatMap((validation) => {
    const { holds, error } = isTrue(validation.expression, bound);
    return holds ? [] : [error ? `${validation.message} (${error})` : validation.message];
  }));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { policies, writes } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(writes.map((write) => refusals(policies, write)))}\n`);
}
