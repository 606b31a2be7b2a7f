// tea.ts
import "polkadot-api";

// common.ts
var table = new Uint8Array(128);
for (let i = 0; i < 64; i++) table[i < 26 ? i + 65 : i < 52 ? i + 71 : i < 62 ? i - 4 : i * 4 - 205] = i;
var toBinary = (base64) => {
  const n = base64.length, bytes = new Uint8Array((n - Number(base64[n - 1] === "=") - Number(base64[n - 2] === "=")) * 3 / 4 | 0);
  for (let i2 = 0, j = 0; i2 < n; ) {
    const c0 = table[base64.charCodeAt(i2++)], c1 = table[base64.charCodeAt(i2++)];
    const c2 = table[base64.charCodeAt(i2++)], c3 = table[base64.charCodeAt(i2++)];
    bytes[j++] = c0 << 2 | c1 >> 4;
    bytes[j++] = c1 << 4 | c2 >> 2;
    bytes[j++] = c2 << 6 | c3;
  }
  return bytes;
};

// tea.ts
var descriptorValues = import("./descriptors.js").then((module) => module["Tea"]);
var metadataTypes = import("./metadataTypes.js").then(
  (module) => toBinary("default" in module ? module.default : module)
);
var asset = {};
var extensions = {};
var getMetadata = () => import("./tea_metadata.js").then(
  (module) => toBinary("default" in module ? module.default : module)
);
var genesis = void 0;
var _allDescriptors = { descriptors: descriptorValues, metadataTypes, asset, extensions, getMetadata, genesis };
var tea_default = _allDescriptors;

// common-types.ts
import { _Enum as _Enum2 } from "polkadot-api";
var DigestItem = _Enum2;
var Phase = _Enum2;
var DispatchClass = _Enum2;
var TokenError = _Enum2;
var ArithmeticError = _Enum2;
var TransactionalError = _Enum2;
var GrandpaEvent = _Enum2;
var BalanceStatus = _Enum2;
var TransactionPaymentEvent = _Enum2;
var GrandpaStoredState = _Enum2;
var BalancesTypesReasons = _Enum2;
var TransactionPaymentReleases = _Enum2;
var GrandpaEquivocation = _Enum2;
var MultiAddress = _Enum2;
var BalancesAdjustmentDirection = _Enum2;
var TransactionValidityUnknownTransaction = _Enum2;
var TransactionValidityTransactionSource = _Enum2;
export {
  ArithmeticError,
  BalanceStatus,
  BalancesAdjustmentDirection,
  BalancesTypesReasons,
  DigestItem,
  DispatchClass,
  GrandpaEquivocation,
  GrandpaEvent,
  GrandpaStoredState,
  MultiAddress,
  Phase,
  TokenError,
  TransactionPaymentEvent,
  TransactionPaymentReleases,
  TransactionValidityTransactionSource,
  TransactionValidityUnknownTransaction,
  TransactionalError,
  tea_default as tea
};
