import { Enum, GetEnum, SizedHex, SS58String, ResultPayload, FixedSizeArray, TxCallData } from "polkadot-api";
type AnonymousEnum<T extends {}> = T & {
    __anonymous: true;
};
type MyTuple<T> = [T, ...T[]];
type SeparateUndefined<T> = undefined extends T ? undefined | Exclude<T, undefined> : T;
type Anonymize<T> = SeparateUndefined<T extends string | number | bigint | boolean | void | undefined | null | symbol | Uint8Array | Enum<any> ? T : T extends AnonymousEnum<infer V> ? Enum<V> : T extends MyTuple<any> ? {
    [K in keyof T]: T[K];
} : T extends [] ? [] : T extends FixedSizeArray<infer L, infer T> ? number extends L ? Array<T> : FixedSizeArray<L, T> : {
    [K in keyof T & string]: T[K];
}>;
export type I5sesotjlssv2d = {
    "nonce": number;
    "consumers": number;
    "providers": number;
    "sufficients": number;
    "data": Anonymize<I1q8tnt1cluu5j>;
};
export type I1q8tnt1cluu5j = {
    "free": bigint;
    "reserved": bigint;
    "frozen": bigint;
    "flags": bigint;
};
export type Iffmde3ekjedi9 = {
    "normal": Anonymize<I4q39t5hn830vp>;
    "operational": Anonymize<I4q39t5hn830vp>;
    "mandatory": Anonymize<I4q39t5hn830vp>;
};
export type I4q39t5hn830vp = {
    "ref_time": bigint;
    "proof_size": bigint;
};
export type I4mddgoa69c0a2 = Array<DigestItem>;
export type DigestItem = Enum<{
    "PreRuntime": [SizedHex<4>, Uint8Array];
    "Consensus": [SizedHex<4>, Uint8Array];
    "Seal": [SizedHex<4>, Uint8Array];
    "Other": Uint8Array;
    "RuntimeEnvironmentUpdated": undefined;
}>;
export declare const DigestItem: GetEnum<DigestItem>;
export type I7t6vvbbkhnk51 = Array<{
    "phase": Phase;
    "event": Enum<{
        "System": Anonymize<Icq3h1i1k5edre>;
        "Grandpa": GrandpaEvent;
        "Balances": Anonymize<Iftil5if6kfb6c>;
        "TransactionPayment": TransactionPaymentEvent;
        "Sudo": Anonymize<I70p9c5u1um9l6>;
        "Utility": Anonymize<Id697s0or9rkbj>;
        "Nodes": Anonymize<I5lrqf01684vom>;
        "Content": Anonymize<Ifv9l1jb1hdv7v>;
        "Errands": Anonymize<I3hd63dgc2v5g0>;
        "Sortition": Anonymize<I7dn7p0bvj7che>;
        "Releases": Anonymize<Iaq0gbti23qfkm>;
        "Vouchers": Anonymize<Ic33f8qgv9id25>;
    }>;
    "topics": Anonymize<Ic5m5lp1oioo8r>;
}>;
export type Phase = Enum<{
    "ApplyExtrinsic": number;
    "Finalization": undefined;
    "Initialization": undefined;
}>;
export declare const Phase: GetEnum<Phase>;
export type Icq3h1i1k5edre = AnonymousEnum<{
    /**
     * An extrinsic completed successfully.
     */
    "ExtrinsicSuccess": Anonymize<Ia82mnkmeo2rhc>;
    /**
     * An extrinsic failed.
     */
    "ExtrinsicFailed": Anonymize<I1q2536v7fjr6s>;
    /**
     * `:code` was updated to the code with the given hash.
     */
    "CodeUpdated": Anonymize<I1jm8m1rh9e20v>;
    /**
     * A new account was created.
     */
    "NewAccount": Anonymize<Icbccs0ug47ilf>;
    /**
     * An account was reaped.
     */
    "KilledAccount": Anonymize<Icbccs0ug47ilf>;
    /**
     * On on-chain remark happened.
     */
    "Remarked": Anonymize<I855j4i3kr8ko1>;
    /**
     * An upgrade was authorized.
     */
    "UpgradeAuthorized": Anonymize<Ibgl04rn6nbfm6>;
    /**
     * An invalid authorized upgrade was rejected while trying to apply it.
     */
    "RejectedInvalidAuthorizedUpgrade": Anonymize<I7r30uuu4j8205>;
}>;
export type Ia82mnkmeo2rhc = {
    "dispatch_info": Anonymize<Ic9s8f85vjtncc>;
};
export type Ic9s8f85vjtncc = {
    "weight": Anonymize<I4q39t5hn830vp>;
    "class": DispatchClass;
    "pays_fee": Enum<{
        "Yes": undefined;
        "No": undefined;
    }>;
};
export type DispatchClass = Enum<{
    "Normal": undefined;
    "Operational": undefined;
    "Mandatory": undefined;
}>;
export declare const DispatchClass: GetEnum<DispatchClass>;
export type I1q2536v7fjr6s = {
    "dispatch_error": Anonymize<I6rkcd17sg01er>;
    "dispatch_info": Anonymize<Ic9s8f85vjtncc>;
};
export type I6rkcd17sg01er = AnonymousEnum<{
    "Other": undefined;
    "CannotLookup": undefined;
    "BadOrigin": undefined;
    "Module": Enum<{
        "System": Anonymize<I5o0s7c8q1cc9b>;
        "Tempo": undefined;
        "Timestamp": undefined;
        "Aura": undefined;
        "Grandpa": Anonymize<I7q8i0pp1gkas6>;
        "Balances": Anonymize<Idj13i7adlomht>;
        "TransactionPayment": undefined;
        "Sudo": Anonymize<Iaug04qjhbli00>;
        "Utility": Anonymize<I8dt2g2hcrgh36>;
        "Nodes": Anonymize<Ibljpj9murrc2f>;
        "Content": Anonymize<I7e0n073llpq3>;
        "Errands": Anonymize<Ihav82t4it5t0>;
        "Sortition": Anonymize<Ifjuremm9irmqu>;
        "Releases": Anonymize<I11mrid1bb6e5b>;
        "Vouchers": Anonymize<I9dao6nlmt7o32>;
    }>;
    "ConsumerRemaining": undefined;
    "NoProviders": undefined;
    "TooManyConsumers": undefined;
    "Token": TokenError;
    "Arithmetic": ArithmeticError;
    "Transactional": TransactionalError;
    "Exhausted": undefined;
    "Corruption": undefined;
    "Unavailable": undefined;
    "RootNotAllowed": undefined;
    "Trie": Enum<{
        "InvalidStateRoot": undefined;
        "IncompleteDatabase": undefined;
        "ValueAtIncompleteKey": undefined;
        "DecoderError": undefined;
        "InvalidHash": undefined;
        "DuplicateKey": undefined;
        "ExtraneousNode": undefined;
        "ExtraneousValue": undefined;
        "ExtraneousHashReference": undefined;
        "InvalidChildReference": undefined;
        "ValueMismatch": undefined;
        "IncompleteProof": undefined;
        "RootMismatch": undefined;
        "DecodeError": undefined;
    }>;
}>;
export type I5o0s7c8q1cc9b = AnonymousEnum<{
    /**
     * The name of specification does not match between the current runtime
     * and the new runtime.
     */
    "InvalidSpecName": undefined;
    /**
     * The specification version is not allowed to decrease between the current runtime
     * and the new runtime.
     */
    "SpecVersionNeedsToIncrease": undefined;
    /**
     * Failed to extract the runtime version from the new runtime.
     *
     * Either calling `Core_version` or decoding `RuntimeVersion` failed.
     */
    "FailedToExtractRuntimeVersion": undefined;
    /**
     * Suicide called when the account has non-default composite data.
     */
    "NonDefaultComposite": undefined;
    /**
     * There is a non-zero reference count preventing the account from being purged.
     */
    "NonZeroRefCount": undefined;
    /**
     * The origin filter prevent the call to be dispatched.
     */
    "CallFiltered": undefined;
    /**
     * A multi-block migration is ongoing and prevents the current code from being replaced.
     */
    "MultiBlockMigrationsOngoing": undefined;
    /**
     * No upgrade authorized.
     */
    "NothingAuthorized": undefined;
    /**
     * The submitted code is not authorized.
     */
    "Unauthorized": undefined;
}>;
export type I7q8i0pp1gkas6 = AnonymousEnum<{
    /**
     * Attempt to signal GRANDPA pause when the authority set isn't live
     * (either paused or already pending pause).
     */
    "PauseFailed": undefined;
    /**
     * Attempt to signal GRANDPA resume when the authority set isn't paused
     * (either live or already pending resume).
     */
    "ResumeFailed": undefined;
    /**
     * Attempt to signal GRANDPA change with one already pending.
     */
    "ChangePending": undefined;
    /**
     * Cannot signal forced change so soon after last.
     */
    "TooSoon": undefined;
    /**
     * A key ownership proof provided as part of an equivocation report is invalid.
     */
    "InvalidKeyOwnershipProof": undefined;
    /**
     * An equivocation proof provided as part of an equivocation report is invalid.
     */
    "InvalidEquivocationProof": undefined;
    /**
     * A given equivocation report is valid but already previously reported.
     */
    "DuplicateOffenceReport": undefined;
}>;
export type Idj13i7adlomht = AnonymousEnum<{
    /**
     * Vesting balance too high to send value.
     */
    "VestingBalance": undefined;
    /**
     * Account liquidity restrictions prevent withdrawal.
     */
    "LiquidityRestrictions": undefined;
    /**
     * Balance too low to send value.
     */
    "InsufficientBalance": undefined;
    /**
     * Value too low to create account due to existential deposit.
     */
    "ExistentialDeposit": undefined;
    /**
     * Transfer/payment would kill account.
     */
    "Expendability": undefined;
    /**
     * A vesting schedule already exists for this account.
     */
    "ExistingVestingSchedule": undefined;
    /**
     * Beneficiary account must pre-exist.
     */
    "DeadAccount": undefined;
    /**
     * Number of named reserves exceed `MaxReserves`.
     */
    "TooManyReserves": undefined;
    /**
     * Number of holds exceed `VariantCountOf<T::RuntimeHoldReason>`.
     */
    "TooManyHolds": undefined;
    /**
     * Number of freezes exceed `MaxFreezes`.
     */
    "TooManyFreezes": undefined;
    /**
     * The issuance cannot be modified since it is already deactivated.
     */
    "IssuanceDeactivated": undefined;
    /**
     * The delta cannot be zero.
     */
    "DeltaZero": undefined;
}>;
export type Iaug04qjhbli00 = AnonymousEnum<{
    /**
     * Sender must be the Sudo account.
     */
    "RequireSudo": undefined;
}>;
export type I8dt2g2hcrgh36 = AnonymousEnum<{
    /**
     * Too many calls batched.
     */
    "TooManyCalls": undefined;
}>;
export type Ibljpj9murrc2f = AnonymousEnum<{
    /**
     * A node with this id is registered.
     */
    "NodeIdTaken": undefined;
    /**
     * A node with this TEE account is registered.
     */
    "TeeAccountTaken": undefined;
    /**
     * The operator's account can't be the TEE's too.
     */
    "TeeAccountIsOperator": undefined;
    /**
     * The evidence's CID is empty.
     */
    "EmptyEvidence": undefined;
    /**
     * No node has this id.
     */
    "UnknownNode": undefined;
    /**
     * Only the node's operator may do this.
     */
    "NotOperator": undefined;
    /**
     * The signer is no registered node's TEE account.
     */
    "NotTeeAccount": undefined;
    /**
     * The signature isn't the TEE account's over this operator, node and chain.
     */
    "BadConsent": undefined;
    /**
     * The operator gave the node up.
     */
    "Leaving": undefined;
    /**
     * Only an Active node may vote.
     */
    "VoterNotActive": undefined;
    /**
     * No committee is seated.
     */
    "NotSeated": undefined;
    /**
     * The signer's node has no seat in this appraisal.
     */
    "NotAMember": undefined;
    /**
     * The signer's node has voted.
     */
    "AlreadyVoted": undefined;
    /**
     * Votes are closed.
     */
    "TooLate": undefined;
    /**
     * The vote is about evidence that the node no longer has.
     */
    "OtherEvidence": undefined;
    /**
     * No id is left.
     */
    "IdsExhausted": undefined;
    /**
     * A bootstrap node has a transport.
     */
    "BootstrapWithoutTransport": undefined;
    /**
     * The active list is full.
     */
    "TooManyActive": undefined;
    /**
     * A transport is empty, or holds other than printable ASCII: it couldn't be a URL.
     */
    "BadTransport": undefined;
}>;
export type I7e0n073llpq3 = AnonymousEnum<{
    /**
     * The CID is empty.
     */
    "EmptyCid": undefined;
    /**
     * A content of zero bytes can't be run or read.
     */
    "EmptyContent": undefined;
    /**
     * No entry has this id.
     */
    "UnknownContent": undefined;
    /**
     * Only the entry's owner may do this.
     */
    "NotOwner": undefined;
    /**
     * The entry is off sale already.
     */
    "AlreadyWithdrawn": undefined;
    /**
     * No id is left.
     */
    "IdsExhausted": undefined;
}>;
export type Ihav82t4it5t0 = AnonymousEnum<{
    /**
     * No errand has this id.
     */
    "UnknownErrand": undefined;
    /**
     * The errand's state doesn't allow this.
     */
    "WrongState": undefined;
    /**
     * The deadline has passed.
     */
    "DeadlinePassed": undefined;
    /**
     * Only the errand's consumer may do this.
     */
    "NotConsumer": undefined;
    /**
     * Only the chosen node's TEE account may do this.
     */
    "NotExecutor": undefined;
    /**
     * Only the part's owner may do this.
     */
    "NotPartOwner": undefined;
    /**
     * The errand has no such part.
     */
    "UnknownPart": undefined;
    /**
     * The part is plain: there is no key to release.
     */
    "PartNotSealed": undefined;
    /**
     * The part's key is released.
     */
    "AlreadyReleased": undefined;
    /**
     * No content has this id.
     */
    "UnknownContent": undefined;
    /**
     * The content was taken off sale.
     */
    "NotOnSale": undefined;
    /**
     * The entry named as code is data.
     */
    "NotCode": undefined;
    /**
     * The entry named as data is code.
     */
    "NotData": undefined;
    /**
     * Without gas nothing runs.
     */
    "NoGas": undefined;
    /**
     * The price ceiling doesn't cover code and data.
     */
    "CeilingBelowContentPrice": undefined;
    /**
     * The key for the result is empty.
     */
    "EmptyResultKey": undefined;
    /**
     * A CID is empty.
     */
    "EmptyCid": undefined;
    /**
     * More gas than the errand's limit.
     */
    "GasAboveLimit": undefined;
    /**
     * Whoever has seen the seed can't take the errand back, or they would draw until they like the winner.
     */
    "LotsAreDrawn": undefined;
    /**
     * Until the acceptance window is over only the consumer settles.
     */
    "AcceptanceWindowOpen": undefined;
    /**
     * No id is left.
     */
    "IdsExhausted": undefined;
    /**
     * The executor was asked already.
     */
    "CancelIsAsked": undefined;
    /**
     * The consumer didn't ask for the end of the run.
     */
    "CancelNotAsked": undefined;
}>;
export type Ifjuremm9irmqu = AnonymousEnum<{
    /**
     * No draw has this id.
     */
    "UnknownDraw": undefined;
    /**
     * The draw takes no claims now: it has no seed yet, its window is over, or it ended.
     */
    "NotOpen": undefined;
    /**
     * The signer is no registered node's TEE account.
     */
    "NotTeeAccount": undefined;
    /**
     * Only an Active node may claim.
     */
    "NotActive": undefined;
    /**
     * The node was registered too short a time before the draw was opened.
     */
    "KeyTooYoung": undefined;
    /**
     * The node isn't what the subject asks for.
     */
    "NotEligible": undefined;
    /**
     * The proof doesn't show a lot of this key in this draw.
     */
    "BadProof": undefined;
    /**
     * The lot isn't under the threshold.
     */
    "LotTooHigh": undefined;
    /**
     * The node has claimed.
     */
    "AlreadyClaimed": undefined;
    /**
     * As many lower lots as there are seats have been shown.
     */
    "Outbid": undefined;
    /**
     * Another node of the same operator has shown a lower lot for the committee.
     */
    "RivalClaimed": undefined;
}>;
export type I11mrid1bb6e5b = AnonymousEnum<{
    /**
     * The CID is empty.
     */
    "EmptyCid": undefined;
    /**
     * The digest was accepted before; what it stands for never changes.
     */
    "AlreadyAccepted": undefined;
    /**
     * The version isn't above the last one of its kind.
     */
    "VersionNotNewer": undefined;
    /**
     * Nothing takes effect before the present block.
     */
    "InThePast": undefined;
    /**
     * Governance never accepted this digest.
     */
    "UnknownDigest": undefined;
    /**
     * It is revoked from that block or an earlier one.
     */
    "AlreadyRevoked": undefined;
}>;
export type I9dao6nlmt7o32 = AnonymousEnum<{
    /**
     * No channel was ever given this id.
     */
    "UnknownChannel": undefined;
    /**
     * The channel has ended, or its time is over.
     */
    "ChannelEnded": undefined;
    /**
     * The depositor closed the channel: no more goes in, and it isn't closed twice.
     */
    "ChannelClosing": undefined;
    /**
     * No node has this id.
     */
    "UnknownNode": undefined;
    /**
     * Less than `MinDeposit`, or nothing to add.
     */
    "DepositTooSmall": undefined;
    /**
     * The channel would expire before a challenge period is over.
     */
    "LifetimeTooShort": undefined;
    /**
     * The channel would expire later than `MaxLifetime` from now.
     */
    "LifetimeTooLong": undefined;
    /**
     * Only the depositor may do this.
     */
    "NotDepositor": undefined;
    /**
     * Only the depositor or the payee may do this.
     */
    "NotParty": undefined;
    /**
     * The signature isn't the depositor's over this chain, channel, node and amount.
     */
    "BadSignature": undefined;
    /**
     * The voucher is no more than what was redeemed.
     */
    "NothingNew": undefined;
    /**
     * The voucher is more than the deposit.
     */
    "Overspent": undefined;
    /**
     * More than a balance can say.
     */
    "AmountOverflows": undefined;
    /**
     * No id is left.
     */
    "IdsExhausted": undefined;
}>;
export type TokenError = Enum<{
    "FundsUnavailable": undefined;
    "OnlyProvider": undefined;
    "BelowMinimum": undefined;
    "CannotCreate": undefined;
    "UnknownAsset": undefined;
    "Frozen": undefined;
    "Unsupported": undefined;
    "CannotCreateHold": undefined;
    "NotExpendable": undefined;
    "Blocked": undefined;
}>;
export declare const TokenError: GetEnum<TokenError>;
export type ArithmeticError = Enum<{
    "Underflow": undefined;
    "Overflow": undefined;
    "DivisionByZero": undefined;
}>;
export declare const ArithmeticError: GetEnum<ArithmeticError>;
export type TransactionalError = Enum<{
    "LimitReached": undefined;
    "NoLayer": undefined;
}>;
export declare const TransactionalError: GetEnum<TransactionalError>;
export type I1jm8m1rh9e20v = {
    "hash": SizedHex<32>;
};
export type Icbccs0ug47ilf = {
    "account": SS58String;
};
export type I855j4i3kr8ko1 = {
    "sender": SS58String;
    "hash": SizedHex<32>;
};
export type Ibgl04rn6nbfm6 = {
    "code_hash": SizedHex<32>;
    "check_version": boolean;
};
export type I7r30uuu4j8205 = {
    "code_hash": SizedHex<32>;
    "error": Anonymize<I6rkcd17sg01er>;
};
export type GrandpaEvent = Enum<{
    /**
     * New authority set has been applied.
     */
    "NewAuthorities": Anonymize<I5768ac424h061>;
    /**
     * Current authority set has been paused.
     */
    "Paused": undefined;
    /**
     * Current authority set has been resumed.
     */
    "Resumed": undefined;
}>;
export declare const GrandpaEvent: GetEnum<GrandpaEvent>;
export type I5768ac424h061 = {
    "authority_set": Anonymize<I3geksg000c171>;
};
export type I3geksg000c171 = Array<Anonymize<I5spuldj7iqfb2>>;
export type I5spuldj7iqfb2 = [SizedHex<32>, bigint];
export type Iftil5if6kfb6c = AnonymousEnum<{
    /**
     * An account was created with some free balance.
     */
    "Endowed": Anonymize<Icv68aq8841478>;
    /**
     * An account was removed whose balance was non-zero but below ExistentialDeposit,
     * resulting in an outright loss.
     */
    "DustLost": Anonymize<Ic262ibdoec56a>;
    /**
     * Transfer succeeded.
     */
    "Transfer": Anonymize<Iflcfm9b6nlmdd>;
    /**
     * A balance was set by root.
     */
    "BalanceSet": Anonymize<Ijrsf4mnp3eka>;
    /**
     * Some balance was reserved (moved from free to reserved).
     */
    "Reserved": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * Some balance was unreserved (moved from reserved to free).
     */
    "Unreserved": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * Some balance was moved from the reserve of the first account to the second account.
     * Final argument indicates the destination balance type.
     */
    "ReserveRepatriated": Anonymize<I8tjvj9uq4b7hi>;
    /**
     * Some amount was deposited (e.g. for transaction fees).
     */
    "Deposit": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * Some amount was withdrawn from the account (e.g. for transaction fees).
     */
    "Withdraw": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * Some amount was removed from the account (e.g. for misbehavior).
     */
    "Slashed": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * Some amount was minted into an account.
     */
    "Minted": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * Some credit was balanced and added to the TotalIssuance.
     */
    "MintedCredit": Anonymize<I3qt1hgg4djhgb>;
    /**
     * Some amount was burned from an account.
     */
    "Burned": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * Some debt has been dropped from the Total Issuance.
     */
    "BurnedDebt": Anonymize<I3qt1hgg4djhgb>;
    /**
     * Some amount was suspended from an account (it can be restored later).
     */
    "Suspended": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * Some amount was restored into an account.
     */
    "Restored": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * An account was upgraded.
     */
    "Upgraded": Anonymize<I4cbvqmqadhrea>;
    /**
     * Total issuance was increased by `amount`, creating a credit to be balanced.
     */
    "Issued": Anonymize<I3qt1hgg4djhgb>;
    /**
     * Total issuance was decreased by `amount`, creating a debt to be balanced.
     */
    "Rescinded": Anonymize<I3qt1hgg4djhgb>;
    /**
     * Some balance was locked.
     */
    "Locked": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * Some balance was unlocked.
     */
    "Unlocked": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * Some balance was frozen.
     */
    "Frozen": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * Some balance was thawed.
     */
    "Thawed": Anonymize<Id5fm4p8lj5qgi>;
    /**
     * The `TotalIssuance` was forcefully changed.
     */
    "TotalIssuanceForced": Anonymize<I4fooe9dun9o0t>;
    /**
     * Some balance was placed on hold.
     */
    "Held": Anonymize<Ifbbtri4mqb6pk>;
    /**
     * Held balance was burned from an account.
     */
    "BurnedHeld": Anonymize<Ifbbtri4mqb6pk>;
    /**
     * A transfer of `amount` on hold from `source` to `dest` was initiated.
     */
    "TransferOnHold": Anonymize<I6hteouvmsdmdm>;
    /**
     * The `transferred` balance is placed on hold at the `dest` account.
     */
    "TransferAndHold": Anonymize<I5je902ul4k56q>;
    /**
     * Some balance was released from hold.
     */
    "Released": Anonymize<Ifbbtri4mqb6pk>;
    /**
     * An unexpected/defensive event was triggered.
     */
    "Unexpected": Anonymize<Iph9c4rn81ub2>;
}>;
export type Icv68aq8841478 = {
    "account": SS58String;
    "free_balance": bigint;
};
export type Ic262ibdoec56a = {
    "account": SS58String;
    "amount": bigint;
};
export type Iflcfm9b6nlmdd = {
    "from": SS58String;
    "to": SS58String;
    "amount": bigint;
};
export type Ijrsf4mnp3eka = {
    "who": SS58String;
    "free": bigint;
};
export type Id5fm4p8lj5qgi = {
    "who": SS58String;
    "amount": bigint;
};
export type I8tjvj9uq4b7hi = {
    "from": SS58String;
    "to": SS58String;
    "amount": bigint;
    "destination_status": BalanceStatus;
};
export type BalanceStatus = Enum<{
    "Free": undefined;
    "Reserved": undefined;
}>;
export declare const BalanceStatus: GetEnum<BalanceStatus>;
export type I3qt1hgg4djhgb = {
    "amount": bigint;
};
export type I4cbvqmqadhrea = {
    "who": SS58String;
};
export type I4fooe9dun9o0t = {
    "old": bigint;
    "new": bigint;
};
export type Ifbbtri4mqb6pk = {
    "reason": Anonymize<I5fvd4o098jt4j>;
    "who": SS58String;
    "amount": bigint;
};
export type I5fvd4o098jt4j = AnonymousEnum<{
    "Nodes": Enum<{
        "Stake": undefined;
        "Appraisal": undefined;
    }>;
    "Errands": Enum<{
        "Escrow": undefined;
    }>;
    "Vouchers": Enum<{
        "Deposit": undefined;
    }>;
}>;
export type I6hteouvmsdmdm = {
    "reason": Anonymize<I5fvd4o098jt4j>;
    "source": SS58String;
    "dest": SS58String;
    "amount": bigint;
};
export type I5je902ul4k56q = {
    "reason": Anonymize<I5fvd4o098jt4j>;
    "source": SS58String;
    "dest": SS58String;
    "transferred": bigint;
};
export type Iph9c4rn81ub2 = AnonymousEnum<{
    "BalanceUpdated": undefined;
    "FailedToMutateAccount": undefined;
}>;
export type TransactionPaymentEvent = Enum<{
    /**
     * A transaction fee `actual_fee`, of which `tip` was added to the minimum inclusion fee,
     * has been paid by `who`.
     */
    "TransactionFeePaid": Anonymize<Ier2cke86dqbr2>;
}>;
export declare const TransactionPaymentEvent: GetEnum<TransactionPaymentEvent>;
export type Ier2cke86dqbr2 = {
    "who": SS58String;
    "actual_fee": bigint;
    "tip": bigint;
};
export type I70p9c5u1um9l6 = AnonymousEnum<{
    /**
     * A sudo call just took place.
     */
    "Sudid": Anonymize<I6222thcbu8uka>;
    /**
     * The sudo key has been updated.
     */
    "KeyChanged": Anonymize<I5rtkmhm2dng4u>;
    /**
     * The key was permanently removed.
     */
    "KeyRemoved": undefined;
    /**
     * A [sudo_as](Pallet::sudo_as) call just took place.
     */
    "SudoAsDone": Anonymize<I6222thcbu8uka>;
}>;
export type I6222thcbu8uka = {
    /**
     * The result of the call made by the sudo user.
     */
    "sudo_result": Anonymize<Ic9fgtctf300n0>;
};
export type Ic9fgtctf300n0 = ResultPayload<undefined, Anonymize<I6rkcd17sg01er>>;
export type I5rtkmhm2dng4u = {
    /**
     * The old sudo key (if one was previously set).
     */
    "old"?: (SS58String) | undefined;
    /**
     * The new sudo key (if one was set).
     */
    "new": SS58String;
};
export type Id697s0or9rkbj = AnonymousEnum<{
    /**
     * Batch of dispatches did not complete fully. Index of first failing dispatch given, as
     * well as the error.
     */
    "BatchInterrupted": Anonymize<If5ktcpt4ilpik>;
    /**
     * Batch of dispatches completed fully with no error.
     */
    "BatchCompleted": undefined;
    /**
     * Batch of dispatches completed but has errors.
     */
    "BatchCompletedWithErrors": undefined;
    /**
     * A single item within a Batch of dispatches has completed with no error.
     */
    "ItemCompleted": undefined;
    /**
     * A single item within a Batch of dispatches has completed with error.
     */
    "ItemFailed": Anonymize<I7j6jdng2i7cd6>;
    /**
     * A call was dispatched.
     */
    "DispatchedAs": Anonymize<Iuv90vrlj93h6>;
    /**
     * Main call was dispatched.
     */
    "IfElseMainSuccess": undefined;
    /**
     * The fallback call was dispatched.
     */
    "IfElseFallbackCalled": Anonymize<I5kakejc6inn63>;
}>;
export type If5ktcpt4ilpik = {
    "index": number;
    "error": Anonymize<I6rkcd17sg01er>;
};
export type I7j6jdng2i7cd6 = {
    "error": Anonymize<I6rkcd17sg01er>;
};
export type Iuv90vrlj93h6 = {
    "result": Anonymize<Ic9fgtctf300n0>;
};
export type I5kakejc6inn63 = {
    "main_error": Anonymize<I6rkcd17sg01er>;
};
export type I5lrqf01684vom = AnonymousEnum<{
    "Registered": Anonymize<Il8pietpbv0ui>;
    /**
     * The evidence changed: the node is Pending and its votes are void.
     */
    "EvidenceUpdated": Anonymize<If4fc62ccm8k4l>;
    "GasPriceSet": Anonymize<I95e1hqr5uohu1>;
    "TransportsSet": Anonymize<I7c3iuqdr57qev>;
    /**
     * Its evidence is to be judged; by itself where no draw is named.
     */
    "AppraisalOpened": Anonymize<Ia1o8va3qck375>;
    /**
     * These are to vote until `votes_close`.
     */
    "Seated": Anonymize<I952k2up312afd>;
    "Voted": Anonymize<I8ohshn1lhnq8b>;
    /**
     * Votes are closed: `paid` went to those who voted, `returned` to the operator.
     */
    "AppraisalClosed": Anonymize<Iaueu9fflf8o2o>;
    "Activated": Anonymize<I6efsh4k0puvnd>;
    "Refused": Anonymize<Ib6t5ngsusgbnj>;
    /**
     * Its evidence is too old, or nobody judged it.
     */
    "Expired": Anonymize<I62itlcidkhnea>;
    /**
     * No heartbeat came for a whole period.
     */
    "Lapsed": Anonymize<I3t796bt6pv4dc>;
    /**
     * A heartbeat brought an Inactive node back.
     */
    "Returned": Anonymize<Iaf89e1hc96qhg>;
    /**
     * Its operator gave it up. The stake returns at `until`.
     */
    "Exiting": Anonymize<Ibud2to379jod9>;
    "Exited": Anonymize<Ifaacipoa7jng2>;
}>;
export type Il8pietpbv0ui = {
    "node_id": SizedHex<32>;
    "operator": SS58String;
    "tee_account": SS58String;
    "class": Anonymize<Ieov35lpqjo9k>;
};
export type Ieov35lpqjo9k = AnonymousEnum<{
    "Simulated": undefined;
    "Vtpm": undefined;
    "Tpm": undefined;
    "TpmMemoryEncryption": undefined;
}>;
export type If4fc62ccm8k4l = {
    "node_id": SizedHex<32>;
    "evidence_cid": Uint8Array;
    "evidence_digest": SizedHex<32>;
};
export type I95e1hqr5uohu1 = {
    "node_id": SizedHex<32>;
    "gas_price": bigint;
};
export type I7c3iuqdr57qev = {
    "node_id": SizedHex<32>;
    "transports": Anonymize<Itom7fk49o0c9>;
    "bootstrap": boolean;
};
export type Itom7fk49o0c9 = Array<Uint8Array>;
export type Ia1o8va3qck375 = {
    "appraisal": bigint;
    "node_id": SizedHex<32>;
    "draw"?: Anonymize<I35p85j063s0il>;
};
export type I35p85j063s0il = (bigint) | undefined;
export type I952k2up312afd = {
    "appraisal": bigint;
    "node_id": SizedHex<32>;
    "members": Anonymize<Ic5m5lp1oioo8r>;
    "votes_close": number;
};
export type Ic5m5lp1oioo8r = Array<SizedHex<32>>;
export type I8ohshn1lhnq8b = {
    "appraisal": bigint;
    "node_id": SizedHex<32>;
    "voter": SizedHex<32>;
    "pass": boolean;
    "reasons_digest": SizedHex<32>;
};
export type Iaueu9fflf8o2o = {
    "appraisal": bigint;
    "node_id": SizedHex<32>;
    "outcome": Anonymize<I1t66au53opve0>;
    "paid": bigint;
    "returned": bigint;
};
export type I1t66au53opve0 = AnonymousEnum<{
    "Admitted": undefined;
    "Refused": undefined;
    "NoCommittee": undefined;
    "Undecided": undefined;
    "Withdrawn": undefined;
}>;
export type I6efsh4k0puvnd = {
    "node_id": SizedHex<32>;
    "founding": boolean;
};
export type Ib6t5ngsusgbnj = {
    "node_id": SizedHex<32>;
    "appraisal": bigint;
};
export type I62itlcidkhnea = {
    "node_id": SizedHex<32>;
    "reason": Anonymize<Id2nanc0evrsi4>;
};
export type Id2nanc0evrsi4 = AnonymousEnum<{
    "Registered": undefined;
    "EvidenceReplaced": undefined;
    "Admitted": undefined;
    "Returned": undefined;
    "Silent": undefined;
    "FoundWanting": undefined;
    "EvidenceTooOld": undefined;
    "NoCommittee": undefined;
    "Undecided": undefined;
    "Left": undefined;
}>;
export type I3t796bt6pv4dc = {
    "node_id": SizedHex<32>;
    "last_heartbeat": number;
};
export type Iaf89e1hc96qhg = {
    "node_id": SizedHex<32>;
};
export type Ibud2to379jod9 = {
    "node_id": SizedHex<32>;
    "until": number;
};
export type Ifaacipoa7jng2 = {
    "node_id": SizedHex<32>;
    "stake": bigint;
};
export type Ifv9l1jb1hdv7v = AnonymousEnum<{
    "Published": Anonymize<I9g19pmevkpr1q>;
    "Withdrawn": Anonymize<I4ov6e94l79mbg>;
}>;
export type I9g19pmevkpr1q = {
    "id": bigint;
    "owner": SS58String;
    "kind": Anonymize<Ib5921ji2qe050>;
    "cid": Uint8Array;
    "visibility": Anonymize<I57u5i0guk8p4u>;
    "price": bigint;
};
export type Ib5921ji2qe050 = AnonymousEnum<{
    "Code": undefined;
    "Data": undefined;
}>;
export type I57u5i0guk8p4u = AnonymousEnum<{
    "Plain": undefined;
    "Sealed": undefined;
}>;
export type I4ov6e94l79mbg = {
    "id": bigint;
};
export type I3hd63dgc2v5g0 = AnonymousEnum<{
    "Created": Anonymize<I9rt7htnb2n3rl>;
    "Funded": Anonymize<Ia4kto2di3icnh>;
    "Selected": Anonymize<Iclc14v2iplojq>;
    /**
     * Nobody could be chosen; the errand stays Funded until its deadline or until it is cancelled.
     */
    "NoCandidate": Anonymize<I4ov6e94l79mbg>;
    "Attested": Anonymize<Ib98pjf7m0h0ue>;
    "Released": Anonymize<I33jsmeorgvfvl>;
    "KeysReleased": Anonymize<I4ov6e94l79mbg>;
    "Started": Anonymize<I4ov6e94l79mbg>;
    "Proved": Anonymize<Iaaao3rmur566i>;
    "Disputed": Anonymize<I8b4v3g18fssaf>;
    "Resolved": Anonymize<I9n7c2sgfgdagq>;
    "Settled": Anonymize<Ib1necm1ojumuh>;
    /**
     * This payment couldn't be delivered and is part of what the consumer got back.
     */
    "Undeliverable": Anonymize<I8rrr9v8p79dv8>;
    "Refunded": Anonymize<I79n18cea1m724>;
    /**
     * The consumer asks the executor to end the run.
     */
    "CancelAsked": Anonymize<I4ov6e94l79mbg>;
}>;
export type I9rt7htnb2n3rl = {
    "id": bigint;
    "consumer": SS58String;
    "code": bigint;
};
export type Ia4kto2di3icnh = {
    "id": bigint;
    "held": bigint;
};
export type Iclc14v2iplojq = {
    "id": bigint;
    "node": SizedHex<32>;
    "seed": SizedHex<32>;
    "candidates": number;
    "candidates_digest": SizedHex<32>;
};
export type Ib98pjf7m0h0ue = {
    "id": bigint;
    "evidence_cid": Uint8Array;
    "evidence_digest": SizedHex<32>;
};
export type I33jsmeorgvfvl = {
    "id": bigint;
    "part": Anonymize<Iae598bvakrvuc>;
    "release_digest": SizedHex<32>;
};
export type Iae598bvakrvuc = AnonymousEnum<{
    "Code": undefined;
    "Data": number;
    "Input": undefined;
}>;
export type Iaaao3rmur566i = {
    "id": bigint;
    "outcome": Anonymize<I9fer3f94jednl>;
    "gas_used": bigint;
    "receipt_digest": SizedHex<32>;
};
export type I9fer3f94jednl = AnonymousEnum<{
    "Ok": undefined;
    "Trap": undefined;
    "OutOfGas": undefined;
    "OutOfMemory": undefined;
    "OutOfTime": undefined;
    "OutputTooLarge": undefined;
    "RefusedModule": undefined;
    "RefusedImport": undefined;
    "Cancelled": undefined;
}>;
export type I8b4v3g18fssaf = {
    "id": bigint;
    "reason": Uint8Array;
};
export type I9n7c2sgfgdagq = {
    "id": bigint;
    "pay": boolean;
};
export type Ib1necm1ojumuh = {
    "id": bigint;
    "payments": Anonymize<I3ugcv35ffp05j>;
    "refunded": bigint;
};
export type I3ugcv35ffp05j = Array<Anonymize<Id0vqlomrfn57n>>;
export type Id0vqlomrfn57n = {
    "account": SS58String;
    "amount": bigint;
    "role": Enum<{
        "CodeOwner": undefined;
        "DataOwner": number;
        "Executor": undefined;
        "Host": undefined;
    }>;
};
export type I8rrr9v8p79dv8 = {
    "id": bigint;
    "payment": Anonymize<Id0vqlomrfn57n>;
};
export type I79n18cea1m724 = {
    "id": bigint;
    "reason": Anonymize<I4uhn060aspa3>;
    "refunded": bigint;
};
export type I4uhn060aspa3 = AnonymousEnum<{
    "ConsumerDidNotFund": undefined;
    "ConsumerCancelled": undefined;
    "NoCandidate": undefined;
    "ExecutorDidNotAttest": undefined;
    "OwnerDidNotRelease": Anonymize<Iae598bvakrvuc>;
    "OwnerDeclined": {
        "part": Anonymize<Iae598bvakrvuc>;
        "reason": Uint8Array;
    };
    "ExecutorDidNotStart": undefined;
    "ExecutorDidNotProve": undefined;
    "DisputeUpheld": undefined;
}>;
export type I7dn7p0bvj7che = AnonymousEnum<{
    "Opened": Anonymize<I88q8ohsf1mnvf>;
    /**
     * Claims are taken until `closes_at`.
     */
    "Seeded": Anonymize<Ifeh0s2v1jepsf>;
    "Claimed": Anonymize<I9ktc9lml035mo>;
    "Drawn": Anonymize<Idn90jrtlpgmnv>;
    /**
     * In no round did enough nodes claim.
     */
    "Failed": Anonymize<I4jbpp7og8fq8t>;
    /**
     * What the draw was about ended without it.
     */
    "Abandoned": Anonymize<I4ov6e94l79mbg>;
}>;
export type I88q8ohsf1mnvf = {
    "id": bigint;
    "subject": Anonymize<I6nvt1js10tp60>;
    "seats": number;
};
export type I6nvt1js10tp60 = AnonymousEnum<{
    "Executor": bigint;
    "Committee": bigint;
}>;
export type Ifeh0s2v1jepsf = {
    "id": bigint;
    "round": number;
    "seed": SizedHex<32>;
    "threshold": bigint;
    "closes_at": number;
};
export type I9ktc9lml035mo = {
    "id": bigint;
    "node": SizedHex<32>;
    "lot": bigint;
};
export type Idn90jrtlpgmnv = {
    "id": bigint;
    "subject": Anonymize<I6nvt1js10tp60>;
    "winners": Anonymize<Ic5m5lp1oioo8r>;
};
export type I4jbpp7og8fq8t = {
    "id": bigint;
    "subject": Anonymize<I6nvt1js10tp60>;
};
export type Iaq0gbti23qfkm = AnonymousEnum<{
    "Accepted": Anonymize<Ieug0dki8qp8jv>;
    "Revoked": Anonymize<Icfnreigpf3ukq>;
}>;
export type Ieug0dki8qp8jv = {
    "digest": SizedHex<32>;
    "kind": Anonymize<Ibacmlain20k93>;
    "version": bigint;
    "cid": Uint8Array;
    "active_from": number;
};
export type Ibacmlain20k93 = AnonymousEnum<{
    "Image": undefined;
    "ReferenceValues": undefined;
}>;
export type Icfnreigpf3ukq = {
    "digest": SizedHex<32>;
    "revoked_from": number;
};
export type Ic33f8qgv9id25 = AnonymousEnum<{
    "Opened": Anonymize<I6maeu05im5rep>;
    "ToppedUp": Anonymize<Ic1sn87og45k60>;
    /**
     * `paid` went to the payee, who has had `redeemed` altogether.
     */
    "Redeemed": Anonymize<I2ev3b2dbcve54>;
    /**
     * The depositor closed it; vouchers are redeemed until `ends_at`.
     */
    "Closing": Anonymize<I31tg6q11bs099>;
    "Ended": Anonymize<I2ufn8dt0lg7qt>;
}>;
export type I6maeu05im5rep = {
    "id": bigint;
    "depositor": SS58String;
    "node": SizedHex<32>;
    "deposited": bigint;
    "ends_at": number;
};
export type Ic1sn87og45k60 = {
    "id": bigint;
    "deposited": bigint;
};
export type I2ev3b2dbcve54 = {
    "id": bigint;
    "paid": bigint;
    "redeemed": bigint;
};
export type I31tg6q11bs099 = {
    "id": bigint;
    "ends_at": number;
};
export type I2ufn8dt0lg7qt = {
    "id": bigint;
    "redeemed": bigint;
    "returned": bigint;
};
export type I95g6i7ilua7lq = Array<Anonymize<I9jd27rnpm8ttv>>;
export type I9jd27rnpm8ttv = FixedSizeArray<2, number>;
export type Ieniouoqkq4icf = {
    "spec_version": number;
    "spec_name": string;
};
export type GrandpaStoredState = Enum<{
    "Live": undefined;
    "PendingPause": {
        "scheduled_at": number;
        "delay": number;
    };
    "Paused": undefined;
    "PendingResume": {
        "scheduled_at": number;
        "delay": number;
    };
}>;
export declare const GrandpaStoredState: GetEnum<GrandpaStoredState>;
export type I7pe2me3i3vtn9 = {
    "scheduled_at": number;
    "delay": number;
    "next_authorities": Anonymize<I3geksg000c171>;
    "forced"?: Anonymize<I4arjljr6dpflb>;
};
export type I4arjljr6dpflb = (number) | undefined;
export type I8ds64oj6581v0 = Array<{
    "id": SizedHex<8>;
    "amount": bigint;
    "reasons": BalancesTypesReasons;
}>;
export type BalancesTypesReasons = Enum<{
    "Fee": undefined;
    "Misc": undefined;
    "All": undefined;
}>;
export declare const BalancesTypesReasons: GetEnum<BalancesTypesReasons>;
export type Ia7pdug7cdsg8g = Array<{
    "id": SizedHex<8>;
    "amount": bigint;
}>;
export type I2bkmr100lo0kb = Array<{
    "id": Anonymize<I5fvd4o098jt4j>;
    "amount": bigint;
}>;
export type I9bin2jc70qt6q = Array<Anonymize<I3qt1hgg4djhgb>>;
export type TransactionPaymentReleases = Enum<{
    "V1Ancient": undefined;
    "V2": undefined;
}>;
export declare const TransactionPaymentReleases: GetEnum<TransactionPaymentReleases>;
export type Icjq50mudo1n5l = {
    "operator": SS58String;
    "tee_account": SS58String;
    "host_account": SS58String;
    "class": Anonymize<Ieov35lpqjo9k>;
    "evidence_cid": Uint8Array;
    "evidence_digest": SizedHex<32>;
    "gas_price": bigint;
    "stake": bigint;
    "founding": boolean;
    "status": Enum<{
        "Pending": undefined;
        "Active": undefined;
        "Inactive": undefined;
        "Refused": undefined;
        "Expired": undefined;
        "Exiting": undefined;
    }>;
    "reason": Anonymize<Id2nanc0evrsi4>;
    "appraisal": bigint;
    "registered_at": number;
    "last_heartbeat": number;
    "expires_at": number;
    "due_at": number;
    "transports": Anonymize<Itom7fk49o0c9>;
    "bootstrap": boolean;
};
export type Iah83m1716m4h1 = Array<{
    "id": SizedHex<32>;
    "gas_price": bigint;
}>;
export type I4p5t2krb1gmvp = [number, SizedHex<32>];
export type I2ihfg8cstm9rd = {
    "node": SizedHex<32>;
    "operator": SS58String;
    "evidence_cid": Uint8Array;
    "evidence_digest": SizedHex<32>;
    "draw"?: Anonymize<I35p85j063s0il>;
    "opened_at": number;
    "votes_close"?: Anonymize<I4arjljr6dpflb>;
    "fee": bigint;
    "held": bigint;
    "seats": Array<{
        "node": SizedHex<32>;
        "operator": SS58String;
        "vote"?: ({
            "pass": boolean;
            "reasons_digest": SizedHex<32>;
            "at": number;
        }) | undefined;
    }>;
    "outcome"?: (Anonymize<I1t66au53opve0>) | undefined;
    "closed_at"?: Anonymize<I4arjljr6dpflb>;
};
export type Iafqnechp3omqg = Array<bigint>;
export type I4ojmnsk1dchql = [number, bigint];
export type Ifp759f7lc9pu3 = {
    "owner": SS58String;
    "kind": Anonymize<Ib5921ji2qe050>;
    "cid": Uint8Array;
    "sha256": SizedHex<32>;
    "size": bigint;
    "visibility": Anonymize<I57u5i0guk8p4u>;
    "price": bigint;
    "published_at": number;
    "on_sale": boolean;
};
export type I32o9vb6qqnjuq = {
    "state": Enum<{
        "Created": undefined;
        "Funded": undefined;
        "Selected": undefined;
        "Attested": undefined;
        "KeysReleased": undefined;
        "Running": undefined;
        "Proved": undefined;
        "Disputed": undefined;
        "Settled": undefined;
        "Refunded": Anonymize<I4uhn060aspa3>;
    }>;
    "deadline": number;
    "consumer": SS58String;
    "code": bigint;
    "data": Anonymize<Iafqnechp3omqg>;
    "input"?: Anonymize<I9lujaaj76js7g>;
    "gas_limit": bigint;
    "max_price": bigint;
    "policy": SizedHex<32>;
    "result_key": Uint8Array;
    "created_at": number;
    "held": bigint;
    "parts": Array<{
        "part": Anonymize<Iae598bvakrvuc>;
        "owner": SS58String;
        "price": bigint;
        "sealed": boolean;
        "sha256": SizedHex<32>;
        "release"?: ({
            "digest": SizedHex<32>;
            "at": number;
        }) | undefined;
    }>;
    "selection"?: ({
        "block": number;
        "seed": SizedHex<32>;
        "candidates": number;
        "candidates_digest": SizedHex<32>;
        "node": SizedHex<32>;
        "tee_account": SS58String;
        "operator": SS58String;
        "host_account": SS58String;
        "gas_price": bigint;
    }) | undefined;
    "evidence"?: ({
        "cid": Uint8Array;
        "digest": SizedHex<32>;
        "at": number;
    }) | undefined;
    "proof"?: ({
        "outcome": Anonymize<I9fer3f94jednl>;
        "gas_used": bigint;
        "receipt_digest": SizedHex<32>;
        "result_cid": Uint8Array;
        "result_digest": SizedHex<32>;
        "at": number;
    }) | undefined;
    "dispute"?: Anonymize<Iabpgqcjikia83>;
    "settlement"?: ({
        "payments": Anonymize<I3ugcv35ffp05j>;
        "refunded": bigint;
        "at": number;
    }) | undefined;
};
export type I9lujaaj76js7g = ({
    "cid": Uint8Array;
    "sha256": SizedHex<32>;
    "size": bigint;
    "visibility": Anonymize<I57u5i0guk8p4u>;
}) | undefined;
export type Iabpgqcjikia83 = (Uint8Array) | undefined;
export type I9qcme03pttakr = {
    "fund": number;
    "select": number;
    "attest": number;
    "release": number;
    "start": number;
    "run": number;
    "accept": number;
    "resolve": number;
};
export type I200n1ov5tbcvr = FixedSizeArray<2, bigint>;
export type I9cl777bfqdu4g = {
    "subject": Anonymize<I6nvt1js10tp60>;
    "seats": number;
    "opened_at": number;
    "round"?: ({
        "number": number;
        "seed": SizedHex<32>;
        "fixed_at": number;
        "electorate": number;
        "threshold": bigint;
        "closes_at": number;
    }) | undefined;
    "claims": Array<{
        "lot": bigint;
        "node": SizedHex<32>;
        "proof": SizedHex<96>;
    }>;
    "ended": boolean;
};
export type I9jic9rhu4jhli = {
    "kind": Anonymize<Ibacmlain20k93>;
    "cid": Uint8Array;
    "version": bigint;
    "accepted_at": number;
    "active_from": number;
    "revoked_from"?: Anonymize<I4arjljr6dpflb>;
};
export type Id83tn0bmfe9r7 = {
    "depositor": SS58String;
    "node": SizedHex<32>;
    "payee": SS58String;
    "deposited": bigint;
    "redeemed": bigint;
    "ends_at": number;
    "closing": boolean;
};
export type In7a38730s6qs = {
    "base_block": Anonymize<I4q39t5hn830vp>;
    "max_block": Anonymize<I4q39t5hn830vp>;
    "per_class": {
        "normal": {
            "base_extrinsic": Anonymize<I4q39t5hn830vp>;
            "max_extrinsic"?: (Anonymize<I4q39t5hn830vp>) | undefined;
            "max_total"?: (Anonymize<I4q39t5hn830vp>) | undefined;
            "reserved"?: (Anonymize<I4q39t5hn830vp>) | undefined;
        };
        "operational": {
            "base_extrinsic": Anonymize<I4q39t5hn830vp>;
            "max_extrinsic"?: (Anonymize<I4q39t5hn830vp>) | undefined;
            "max_total"?: (Anonymize<I4q39t5hn830vp>) | undefined;
            "reserved"?: (Anonymize<I4q39t5hn830vp>) | undefined;
        };
        "mandatory": {
            "base_extrinsic": Anonymize<I4q39t5hn830vp>;
            "max_extrinsic"?: (Anonymize<I4q39t5hn830vp>) | undefined;
            "max_total"?: (Anonymize<I4q39t5hn830vp>) | undefined;
            "reserved"?: (Anonymize<I4q39t5hn830vp>) | undefined;
        };
    };
};
export type Ibtil0ss5munbk = {
    "max": {
        "normal": number;
        "operational": number;
        "mandatory": number;
    };
    "max_header_size"?: Anonymize<I4arjljr6dpflb>;
};
export type I9s0ave7t0vnrk = {
    "read": bigint;
    "write": bigint;
};
export type I4fo08joqmcqnm = {
    "spec_name": string;
    "impl_name": string;
    "authoring_version": number;
    "spec_version": number;
    "impl_version": number;
    "apis": Array<[SizedHex<8>, number]>;
    "transaction_version": number;
    "system_version": number;
};
export type Iekve0i6djpd9f = AnonymousEnum<{
    /**
     * Make some on-chain remark.
     *
     * Can be executed by every `origin`.
     */
    "remark": Anonymize<I8ofcg5rbj0g2c>;
    /**
     * Set the number of pages in the WebAssembly environment's heap.
     */
    "set_heap_pages": Anonymize<I4adgbll7gku4i>;
    /**
     * Set the new runtime code.
     */
    "set_code": Anonymize<I6pjjpfvhvcfru>;
    /**
     * Set the new runtime code without doing any checks of the given `code`.
     *
     * Note that runtime upgrades will not run if this is called with a not-increasing spec
     * version!
     */
    "set_code_without_checks": Anonymize<I6pjjpfvhvcfru>;
    /**
     * Set some items of storage.
     */
    "set_storage": Anonymize<I9pj91mj79qekl>;
    /**
     * Kill some items from storage.
     */
    "kill_storage": Anonymize<I39uah9nss64h9>;
    /**
     * Kill all storage items with a key that starts with the given prefix.
     *
     * **NOTE:** We rely on the Root origin to provide us the number of subkeys under
     * the prefix we are removing to accurately calculate the weight of this function.
     */
    "kill_prefix": Anonymize<Ik64dknsq7k08>;
    /**
     * Make some on-chain remark and emit event.
     */
    "remark_with_event": Anonymize<I8ofcg5rbj0g2c>;
    /**
     * Authorize an upgrade to a given `code_hash` for the runtime. The runtime can be supplied
     * later.
     *
     * This call requires Root origin.
     */
    "authorize_upgrade": Anonymize<Ib51vk42m1po4n>;
    /**
     * Authorize an upgrade to a given `code_hash` for the runtime. The runtime can be supplied
     * later.
     *
     * WARNING: This authorizes an upgrade that will take place without any safety checks, for
     * example that the spec name remains the same and that the version number increases. Not
     * recommended for normal use. Use `authorize_upgrade` instead.
     *
     * This call requires Root origin.
     */
    "authorize_upgrade_without_checks": Anonymize<Ib51vk42m1po4n>;
    /**
     * Provide the preimage (runtime binary) `code` for an upgrade that has been authorized.
     *
     * If the authorization required a version check, this call will ensure the spec name
     * remains unchanged and that the spec version has increased.
     *
     * Depending on the runtime's `OnSetCode` configuration, this function may directly apply
     * the new `code` in the same block or attempt to schedule the upgrade.
     *
     * All origins are allowed.
     */
    "apply_authorized_upgrade": Anonymize<I6pjjpfvhvcfru>;
}>;
export type I8ofcg5rbj0g2c = {
    "remark": Uint8Array;
};
export type I4adgbll7gku4i = {
    "pages": bigint;
};
export type I6pjjpfvhvcfru = {
    "code": Uint8Array;
};
export type I9pj91mj79qekl = {
    "items": Array<FixedSizeArray<2, Uint8Array>>;
};
export type I39uah9nss64h9 = {
    "keys": Anonymize<Itom7fk49o0c9>;
};
export type Ik64dknsq7k08 = {
    "prefix": Uint8Array;
    "subkeys": number;
};
export type Ib51vk42m1po4n = {
    "code_hash": SizedHex<32>;
};
export type I7d75gqfg6jh9c = AnonymousEnum<{
    /**
     * Set the current time.
     *
     * This call should be invoked exactly once per block. It will panic at the finalization
     * phase, if this call hasn't been invoked by that time.
     *
     * The timestamp should be greater than the previous one by the amount specified by
     * [`Config::MinimumPeriod`].
     *
     * The dispatch origin for this call must be _None_.
     *
     * This dispatch class is _Mandatory_ to ensure it gets executed in the block. Be aware
     * that changing the complexity of this call could result exhausting the resources in a
     * block to execute any other calls.
     *
     * ## Complexity
     * - `O(1)` (Note that implementations of `OnTimestampSet` must also be `O(1)`)
     * - 1 storage read and 1 storage mutation (codec `O(1)` because of `DidUpdate::take` in
     * `on_finalize`)
     * - 1 event handler `on_timestamp_set`. Must be `O(1)`.
     */
    "set": Anonymize<Idcr6u6361oad9>;
}>;
export type Idcr6u6361oad9 = {
    "now": bigint;
};
export type Ibck9ekr2i96uj = AnonymousEnum<{
    /**
     * Report voter equivocation/misbehavior. This method will verify the
     * equivocation proof and validate the given key ownership proof
     * against the extracted offender. If both are valid, the offence
     * will be reported.
     */
    "report_equivocation": Anonymize<I3a5kuu5t5jj3g>;
    /**
     * Report voter equivocation/misbehavior. This method will verify the
     * equivocation proof and validate the given key ownership proof
     * against the extracted offender. If both are valid, the offence
     * will be reported.
     *
     * This extrinsic must be called unsigned and it is expected that only
     * block authors will call it (validated in `ValidateUnsigned`), as such
     * if the block author is defined it will be defined as the equivocation
     * reporter.
     */
    "report_equivocation_unsigned": Anonymize<I3a5kuu5t5jj3g>;
    /**
     * Note that the current authority set of the GRANDPA finality gadget has stalled.
     *
     * This will trigger a forced authority set change at the beginning of the next session, to
     * be enacted `delay` blocks after that. The `delay` should be high enough to safely assume
     * that the block signalling the forced change will not be re-orged e.g. 1000 blocks.
     * The block production rate (which may be slowed down because of finality lagging) should
     * be taken into account when choosing the `delay`. The GRANDPA voters based on the new
     * authority will start voting on top of `best_finalized_block_number` for new finalized
     * blocks. `best_finalized_block_number` should be the highest of the latest finalized
     * block of all validators of the new authority set.
     *
     * Only callable by root.
     */
    "note_stalled": Anonymize<I2hviml3snvhhn>;
}>;
export type I3a5kuu5t5jj3g = {
    "equivocation_proof": Anonymize<I9puqgoda8ofk4>;
};
export type I9puqgoda8ofk4 = {
    "set_id": bigint;
    "equivocation": GrandpaEquivocation;
};
export type GrandpaEquivocation = Enum<{
    "Prevote": {
        "round_number": bigint;
        "identity": SizedHex<32>;
        "first": [{
            "target_hash": SizedHex<32>;
            "target_number": number;
        }, SizedHex<64>];
        "second": [{
            "target_hash": SizedHex<32>;
            "target_number": number;
        }, SizedHex<64>];
    };
    "Precommit": {
        "round_number": bigint;
        "identity": SizedHex<32>;
        "first": [{
            "target_hash": SizedHex<32>;
            "target_number": number;
        }, SizedHex<64>];
        "second": [{
            "target_hash": SizedHex<32>;
            "target_number": number;
        }, SizedHex<64>];
    };
}>;
export declare const GrandpaEquivocation: GetEnum<GrandpaEquivocation>;
export type I2hviml3snvhhn = {
    "delay": number;
    "best_finalized_block_number": number;
};
export type I9svldsp29mh87 = AnonymousEnum<{
    /**
     * Transfer some liquid free balance to another account.
     *
     * `transfer_allow_death` will set the `FreeBalance` of the sender and receiver.
     * If the sender's account is below the existential deposit as a result
     * of the transfer, the account will be reaped.
     *
     * The dispatch origin for this call must be `Signed` by the transactor.
     */
    "transfer_allow_death": Anonymize<I4ktuaksf5i1gk>;
    /**
     * Exactly as `transfer_allow_death`, except the origin must be root and the source account
     * may be specified.
     */
    "force_transfer": Anonymize<I9bqtpv2ii35mp>;
    /**
     * Same as the [`transfer_allow_death`] call, but with a check that the transfer will not
     * kill the origin account.
     *
     * 99% of the time you want [`transfer_allow_death`] instead.
     *
     * [`transfer_allow_death`]: struct.Pallet.html#method.transfer
     */
    "transfer_keep_alive": Anonymize<I4ktuaksf5i1gk>;
    /**
     * Transfer the entire transferable balance from the caller account.
     *
     * NOTE: This function only attempts to transfer _transferable_ balances. This means that
     * any locked, reserved, or existential deposits (when `keep_alive` is `true`), will not be
     * transferred by this function. To ensure that this function results in a killed account,
     * you might need to prepare the account by removing any reference counters, storage
     * deposits, etc...
     *
     * The dispatch origin of this call must be Signed.
     *
     * - `dest`: The recipient of the transfer.
     * - `keep_alive`: A boolean to determine if the `transfer_all` operation should send all
     * of the funds the account has, causing the sender account to be killed (false), or
     * transfer everything except at least the existential deposit, which will guarantee to
     * keep the sender account alive (true).
     */
    "transfer_all": Anonymize<I9j7pagd6d4bda>;
    /**
     * Unreserve some balance from a user by force.
     *
     * Can only be called by ROOT.
     */
    "force_unreserve": Anonymize<I2h9pmio37r7fb>;
    /**
     * Upgrade a specified account.
     *
     * - `origin`: Must be `Signed`.
     * - `who`: The account to be upgraded.
     *
     * This will waive the transaction fee if at least all but 10% of the accounts needed to
     * be upgraded. (We let some not have to be upgraded just in order to allow for the
     * possibility of churn).
     */
    "upgrade_accounts": Anonymize<Ibmr18suc9ikh9>;
    /**
     * Set the regular balance of a given account.
     *
     * The dispatch origin for this call is `root`.
     */
    "force_set_balance": Anonymize<I9iq22t0burs89>;
    /**
     * Adjust the total issuance in a saturating way.
     *
     * Can only be called by root and always needs a positive `delta`.
     *
     * # Example
     */
    "force_adjust_total_issuance": Anonymize<I5u8olqbbvfnvf>;
    /**
     * Burn the specified liquid free balance from the origin account.
     *
     * If the origin's account ends up below the existential deposit as a result
     * of the burn and `keep_alive` is false, the account will be reaped.
     *
     * Unlike sending funds to a _burn_ address, which merely makes the funds inaccessible,
     * this `burn` operation will reduce total issuance by the amount _burned_.
     */
    "burn": Anonymize<I5utcetro501ir>;
}>;
export type I4ktuaksf5i1gk = {
    "dest": MultiAddress;
    "value": bigint;
};
export type MultiAddress = Enum<{
    "Id": SS58String;
    "Index": undefined;
    "Raw": Uint8Array;
    "Address32": SizedHex<32>;
    "Address20": SizedHex<20>;
}>;
export declare const MultiAddress: GetEnum<MultiAddress>;
export type I9bqtpv2ii35mp = {
    "source": MultiAddress;
    "dest": MultiAddress;
    "value": bigint;
};
export type I9j7pagd6d4bda = {
    "dest": MultiAddress;
    "keep_alive": boolean;
};
export type I2h9pmio37r7fb = {
    "who": MultiAddress;
    "amount": bigint;
};
export type Ibmr18suc9ikh9 = {
    "who": Array<SS58String>;
};
export type I9iq22t0burs89 = {
    "who": MultiAddress;
    "new_free": bigint;
};
export type I5u8olqbbvfnvf = {
    "direction": BalancesAdjustmentDirection;
    "delta": bigint;
};
export type BalancesAdjustmentDirection = Enum<{
    "Increase": undefined;
    "Decrease": undefined;
}>;
export declare const BalancesAdjustmentDirection: GetEnum<BalancesAdjustmentDirection>;
export type I5utcetro501ir = {
    "value": bigint;
    "keep_alive": boolean;
};
export type I1nasl1nea1ef7 = AnonymousEnum<{
    /**
     * Authenticates the sudo key and dispatches a function call with `Root` origin.
     */
    "sudo": Anonymize<I5neppf1vi4u6r>;
    /**
     * Authenticates the sudo key and dispatches a function call with `Root` origin.
     * This function does not check the weight of the call, and instead allows the
     * Sudo user to specify the weight of the call.
     *
     * The dispatch origin for this call must be _Signed_.
     */
    "sudo_unchecked_weight": Anonymize<I29efj7bo8mq56>;
    /**
     * Authenticates the current sudo key and sets the given AccountId (`new`) as the new sudo
     * key.
     */
    "set_key": Anonymize<I8k3rnvpeeh4hv>;
    /**
     * Authenticates the sudo key and dispatches a function call with `Signed` origin from
     * a given account.
     *
     * The dispatch origin for this call must be _Signed_.
     */
    "sudo_as": Anonymize<I68o0cd6c15ibo>;
    /**
     * Permanently removes the sudo key.
     *
     * **This cannot be un-done.**
     */
    "remove_key": undefined;
}>;
export type I5neppf1vi4u6r = {
    "call": TxCallData;
};
export type I29efj7bo8mq56 = {
    "call": TxCallData;
    "weight": Anonymize<I4q39t5hn830vp>;
};
export type I8k3rnvpeeh4hv = {
    "new": MultiAddress;
};
export type I68o0cd6c15ibo = {
    "who": MultiAddress;
    "call": TxCallData;
};
export type I5g2m14rkaire4 = AnonymousEnum<{
    /**
     * Send a batch of dispatch calls.
     *
     * May be called from any origin except `None`.
     *
     * - `calls`: The calls to be dispatched from the same origin. The number of call must not
     * exceed the constant: `batched_calls_limit` (available in constant metadata).
     *
     * If origin is root then the calls are dispatched without checking origin filter. (This
     * includes bypassing `frame_system::Config::BaseCallFilter`).
     *
     * ## Complexity
     * - O(C) where C is the number of calls to be batched.
     *
     * This will return `Ok` in all circumstances. To determine the success of the batch, an
     * event is deposited. If a call failed and the batch was interrupted, then the
     * `BatchInterrupted` event is deposited, along with the number of successful calls made
     * and the error of the failed call. If all were successful, then the `BatchCompleted`
     * event is deposited.
     */
    "batch": Anonymize<Iclu3doakarn7h>;
    /**
     * Send a call through an indexed pseudonym of the sender.
     *
     * Filter from origin are passed along. The call will be dispatched with an origin which
     * use the same filter as the origin of this call.
     *
     * NOTE: If you need to ensure that any account-based filtering is not honored (i.e.
     * because you expect `proxy` to have been used prior in the call stack and you do not want
     * the call restrictions to apply to any sub-accounts), then use `as_multi_threshold_1`
     * in the Multisig pallet instead.
     *
     * NOTE: Prior to version *12, this was called `as_limited_sub`.
     *
     * The dispatch origin for this call must be _Signed_.
     */
    "as_derivative": Anonymize<Ic1shv8pdf7q40>;
    /**
     * Send a batch of dispatch calls and atomically execute them.
     * The whole transaction will rollback and fail if any of the calls failed.
     *
     * May be called from any origin except `None`.
     *
     * - `calls`: The calls to be dispatched from the same origin. The number of call must not
     * exceed the constant: `batched_calls_limit` (available in constant metadata).
     *
     * If origin is root then the calls are dispatched without checking origin filter. (This
     * includes bypassing `frame_system::Config::BaseCallFilter`).
     *
     * ## Complexity
     * - O(C) where C is the number of calls to be batched.
     */
    "batch_all": Anonymize<Iclu3doakarn7h>;
    /**
     * Dispatches a function call with a provided origin.
     *
     * The dispatch origin for this call must be _Root_.
     *
     * ## Complexity
     * - O(1).
     */
    "dispatch_as": Anonymize<I39vg07kp676pa>;
    /**
     * Send a batch of dispatch calls.
     * Unlike `batch`, it allows errors and won't interrupt.
     *
     * May be called from any origin except `None`.
     *
     * - `calls`: The calls to be dispatched from the same origin. The number of call must not
     * exceed the constant: `batched_calls_limit` (available in constant metadata).
     *
     * If origin is root then the calls are dispatch without checking origin filter. (This
     * includes bypassing `frame_system::Config::BaseCallFilter`).
     *
     * ## Complexity
     * - O(C) where C is the number of calls to be batched.
     */
    "force_batch": Anonymize<Iclu3doakarn7h>;
    /**
     * Dispatch a function call with a specified weight.
     *
     * This function does not check the weight of the call, and instead allows the
     * Root origin to specify the weight of the call.
     *
     * The dispatch origin for this call must be _Root_.
     */
    "with_weight": Anonymize<I29efj7bo8mq56>;
    /**
     * Dispatch a fallback call in the event the main call fails to execute.
     * May be called from any origin except `None`.
     *
     * This function first attempts to dispatch the `main` call.
     * If the `main` call fails, the `fallback` is attemted.
     * if the fallback is successfully dispatched, the weights of both calls
     * are accumulated and an event containing the main call error is deposited.
     *
     * In the event of a fallback failure the whole call fails
     * with the weights returned.
     *
     * - `main`: The main call to be dispatched. This is the primary action to execute.
     * - `fallback`: The fallback call to be dispatched in case the `main` call fails.
     *
     * ## Dispatch Logic
     * - If the origin is `root`, both the main and fallback calls are executed without
     * applying any origin filters.
     * - If the origin is not `root`, the origin filter is applied to both the `main` and
     * `fallback` calls.
     *
     * ## Use Case
     * - Some use cases might involve submitting a `batch` type call in either main, fallback
     * or both.
     */
    "if_else": Anonymize<I9krb0lau419ea>;
    /**
     * Dispatches a function call with a provided origin.
     *
     * Almost the same as [`Pallet::dispatch_as`] but forwards any error of the inner call.
     *
     * The dispatch origin for this call must be _Root_.
     */
    "dispatch_as_fallible": Anonymize<I39vg07kp676pa>;
}>;
export type Iclu3doakarn7h = {
    "calls": Array<TxCallData>;
};
export type Ic1shv8pdf7q40 = {
    "index": number;
    "call": TxCallData;
};
export type I39vg07kp676pa = {
    "as_origin": Enum<{
        "system": Enum<{
            "Root": undefined;
            "Signed": SS58String;
            "None": undefined;
            "Authorized": undefined;
        }>;
    }>;
    "call": TxCallData;
};
export type I9krb0lau419ea = {
    "main": TxCallData;
    "fallback": TxCallData;
};
export type Ie9j0e2m4g0pkc = AnonymousEnum<{
    /**
     * Registers a node under the signer as operator, with the consent of its TEE's account, and holds its stake and the
     * fee of its committee. The node is Pending.
     */
    "register": Anonymize<I55ia1lv7n4jcv>;
    /**
     * Replaces the node's evidence, for another committee that its operator pays. The node is Pending again, whatever it
     * was. Signed by its operator or, unless its last evidence was found wanting, by its TEE.
     */
    "update_evidence": Anonymize<Ia5873r43dqm21>;
    /**
     * Sets the price of 1,000,000 units of gas for errands that are given an executor from now on.
     */
    "set_gas_price": Anonymize<I95e1hqr5uohu1>;
    /**
     * Gives the node up. It takes no errand and no seat any more, and its stake returns by itself when the unbonding
     * period is over. Errands it was chosen for are bound by their deadlines.
     */
    "exit": Anonymize<Iaf89e1hc96qhg>;
    /**
     * Records the appraisal of a node by the member of its committee that the signer is the TEE of, and acts on a decided one.
     * It names the evidence it is about: evidence that was replaced meanwhile gains nothing by it.
     */
    "vote": Anonymize<Ie8caqr7vvrs7l>;
    /**
     * Says that the signer's node is there. Free once in a quarter of the period; sooner, it costs its fee.
     */
    "heartbeat": undefined;
    /**
     * Says where clients reach the node, and whether as a first contact, in place of what was said before.
     */
    "set_transports": Anonymize<I7c3iuqdr57qev>;
}>;
export type I55ia1lv7n4jcv = {
    "node_id": SizedHex<32>;
    "tee_account": SS58String;
    "host_account": SS58String;
    "evidence_cid": Uint8Array;
    "evidence_digest": SizedHex<32>;
    "class": Anonymize<Ieov35lpqjo9k>;
    "gas_price": bigint;
    "consent": Enum<{
        "Ed25519": SizedHex<64>;
        "Sr25519": SizedHex<64>;
        "Ecdsa": SizedHex<65>;
        "Eth": SizedHex<65>;
    }>;
};
export type Ia5873r43dqm21 = {
    "node_id": SizedHex<32>;
    "evidence_cid": Uint8Array;
    "evidence_digest": SizedHex<32>;
    "class": Anonymize<Ieov35lpqjo9k>;
};
export type Ie8caqr7vvrs7l = {
    "node_id": SizedHex<32>;
    "evidence_digest": SizedHex<32>;
    "pass": boolean;
    "reasons_digest": SizedHex<32>;
};
export type I8uimtpqr2hq21 = AnonymousEnum<{
    /**
     * Publishes `size` bytes whose SHA-256 is `sha256`, to be fetched by `cid`, under the next id.
     */
    "publish": Anonymize<I1mafd97lheajl>;
    /**
     * Takes the entry off sale, for good. Errands that were funded before go on.
     */
    "withdraw": Anonymize<I4ov6e94l79mbg>;
}>;
export type I1mafd97lheajl = {
    "kind": Anonymize<Ib5921ji2qe050>;
    "cid": Uint8Array;
    "sha256": SizedHex<32>;
    "size": bigint;
    "visibility": Anonymize<I57u5i0guk8p4u>;
    "price": bigint;
};
export type Ihc39nk5036vl = AnonymousEnum<{
    /**
     * Records an errand: run `code` on `data` and `input` for at most `gas_limit` and `max_price`, on an executor whose
     * evidence satisfies `policy`, and encrypt the result to `result_key`. No money moves yet.
     */
    "create": Anonymize<Id14hje7dmgct3>;
    /**
     * Holds the price ceiling. The next block chooses the executor, or the nodes draw lots for it.
     */
    "fund": Anonymize<I4ov6e94l79mbg>;
    /**
     * The executor publishes fresh evidence, bound to this errand. Where nothing is sealed, no key is waited for.
     *
     * A TEE that was started anew has neither the keys it was given nor the one that its receipts are signed with. It
     * attests again, for a fee, and the errand goes on from there: what was released before counts no longer. That is
     * possible until the errand is proved, in the time in which first evidence and first releases could have come.
     */
    "attest": Anonymize<Ib98pjf7m0h0ue>;
    /**
     * The owner of a sealed part states that its key was sealed to this executor, for this errand.
     */
    "release": Anonymize<I33jsmeorgvfvl>;
    /**
     * The owner of a sealed part refuses this executor. The errand ends, and the consumer gets everything back.
     */
    "decline": Anonymize<I46abh7hs9bal9>;
    /**
     * The executor has what it needs and begins.
     */
    "start": Anonymize<I4ov6e94l79mbg>;
    /**
     * The executor says how the run ended and publishes receipt and result. An outcome of `ok` has a result.
     */
    "prove": Anonymize<Ieaf8ken51bh13>;
    /**
     * Pays by the receipt: the consumer at once, anyone when the acceptance window is over.
     */
    "settle": Anonymize<I4ov6e94l79mbg>;
    /**
     * The consumer contests a proved errand, within the acceptance window.
     */
    "dispute": Anonymize<I8b4v3g18fssaf>;
    /**
     * Governance ends a dispute: pay by the receipt, or give everything back.
     */
    "resolve": Anonymize<I9n7c2sgfgdagq>;
    /**
     * The consumer ends an errand that has no executor yet, and for which no lots are being drawn. One that runs they
     * ask the executor to end: it proves the outcome `Cancelled`, and only the gas used until then is paid.
     */
    "cancel": Anonymize<I4ov6e94l79mbg>;
}>;
export type Id14hje7dmgct3 = {
    "code": bigint;
    "data": Anonymize<Iafqnechp3omqg>;
    "input"?: Anonymize<I9lujaaj76js7g>;
    "gas_limit": bigint;
    "max_price": bigint;
    "policy": SizedHex<32>;
    "result_key": Uint8Array;
};
export type I46abh7hs9bal9 = {
    "id": bigint;
    "part": Anonymize<Iae598bvakrvuc>;
    "reason": Uint8Array;
};
export type Ieaf8ken51bh13 = {
    "id": bigint;
    "outcome": Anonymize<I9fer3f94jednl>;
    "gas_used": bigint;
    "receipt_digest": SizedHex<32>;
    "result_cid": Uint8Array;
    "result_digest": SizedHex<32>;
};
export type I3fvhorqttlma6 = AnonymousEnum<{
    /**
     * Shows the lot of the signer's node in a draw. Free when it was worth showing. The claim of the last who may claim ends
     * the draw, so that a small network waits for nothing.
     */
    "claim": Anonymize<I8hr8kd1ea3fhc>;
}>;
export type I8hr8kd1ea3fhc = {
    "id": bigint;
    "proof": SizedHex<96>;
};
export type Iabusnodg6b76d = AnonymousEnum<{
    /**
     * Accepts the bytes whose SHA-256 is `digest`, from block `active_from` on.
     */
    "accept": Anonymize<Ieug0dki8qp8jv>;
    /**
     * Ends the acceptance from block `revoked_from` on. May be called again to end it sooner.
     */
    "revoke": Anonymize<Icfnreigpf3ukq>;
}>;
export type I6bs0io242v59o = AnonymousEnum<{
    /**
     * Holds `amount` for requests to `node`, until block `ends_at`.
     */
    "open": Anonymize<I4c2a369u1t1c6>;
    /**
     * Holds `amount` more in a channel of the signer.
     */
    "top_up": Anonymize<If94s3f7j3bsci>;
    /**
     * Pays what the voucher of `amount` altogether is more than what was redeemed. Anyone may hand it in.
     */
    "redeem": Anonymize<Ib7dtnfhfv63us>;
    /**
     * The depositor begins the challenge period; the payee ends the channel at once.
     */
    "close": Anonymize<I4ov6e94l79mbg>;
}>;
export type I4c2a369u1t1c6 = {
    "node": SizedHex<32>;
    "amount": bigint;
    "ends_at": number;
};
export type If94s3f7j3bsci = {
    "id": bigint;
    "amount": bigint;
};
export type Ib7dtnfhfv63us = {
    "id": bigint;
    "amount": bigint;
    "signature": SizedHex<64>;
};
export type Iaqet9jc3ihboe = {
    "header": Anonymize<Ic952bubvq4k7d>;
    "extrinsics": Anonymize<Itom7fk49o0c9>;
};
export type Ic952bubvq4k7d = {
    "parent_hash": SizedHex<32>;
    "number": number;
    "state_root": SizedHex<32>;
    "extrinsics_root": SizedHex<32>;
    "digest": Anonymize<I4mddgoa69c0a2>;
};
export type I2v50gu3s1aqk6 = AnonymousEnum<{
    "AllExtrinsics": undefined;
    "OnlyInherents": undefined;
}>;
export type Icgljjb6j82uhn = Array<number>;
export type I4jibmr6b4lobf = ResultPayload<Anonymize<Ic9fgtctf300n0>, Anonymize<I5nrjkj9qumobs>>;
export type I5nrjkj9qumobs = AnonymousEnum<{
    "Invalid": Enum<{
        "Call": undefined;
        "Payment": undefined;
        "Future": undefined;
        "Stale": undefined;
        "BadProof": undefined;
        "AncientBirthBlock": undefined;
        "ExhaustsResources": undefined;
        "Custom": number;
        "BadMandatory": undefined;
        "MandatoryValidation": undefined;
        "BadSigner": undefined;
        "IndeterminateImplicit": undefined;
        "UnknownOrigin": undefined;
    }>;
    "Unknown": TransactionValidityUnknownTransaction;
}>;
export type TransactionValidityUnknownTransaction = Enum<{
    "CannotLookup": undefined;
    "NoUnsignedValidator": undefined;
    "Custom": number;
}>;
export declare const TransactionValidityUnknownTransaction: GetEnum<TransactionValidityUnknownTransaction>;
export type If7uv525tdvv7a = Array<[SizedHex<8>, Uint8Array]>;
export type I2an1fs2eiebjp = {
    "okay": boolean;
    "fatal_error": boolean;
    "errors": Anonymize<If7uv525tdvv7a>;
};
export type TransactionValidityTransactionSource = Enum<{
    "InBlock": undefined;
    "Local": undefined;
    "External": undefined;
}>;
export declare const TransactionValidityTransactionSource: GetEnum<TransactionValidityTransactionSource>;
export type I9ask1o4tfvcvs = ResultPayload<{
    "priority": bigint;
    "requires": Anonymize<Itom7fk49o0c9>;
    "provides": Anonymize<Itom7fk49o0c9>;
    "longevity": bigint;
    "propagate": boolean;
}, Anonymize<I5nrjkj9qumobs>>;
export type I4ph3d1eepnmr1 = {
    "keys": Uint8Array;
    "proof": Uint8Array;
};
export type Icerf8h8pdu8ss = (Array<[Uint8Array, SizedHex<4>]>) | undefined;
export type I6spmpef2c7svf = {
    "weight": Anonymize<I4q39t5hn830vp>;
    "class": DispatchClass;
    "partial_fee": bigint;
};
export type Iei2mvq0mjvt81 = {
    "inclusion_fee"?: ({
        "base_fee": bigint;
        "len_fee": bigint;
        "adjusted_weight_fee": bigint;
    }) | undefined;
    "tip": bigint;
};
export type I8pic425dh789r = AnonymousEnum<{
    "System": Anonymize<Iekve0i6djpd9f>;
    "Timestamp": Anonymize<I7d75gqfg6jh9c>;
    "Grandpa": Anonymize<Ibck9ekr2i96uj>;
    "Balances": Anonymize<I9svldsp29mh87>;
    "Sudo": Anonymize<I1nasl1nea1ef7>;
    "Utility": Anonymize<I5g2m14rkaire4>;
    "Nodes": Anonymize<Ie9j0e2m4g0pkc>;
    "Content": Anonymize<I8uimtpqr2hq21>;
    "Errands": Anonymize<Ihc39nk5036vl>;
    "Sortition": Anonymize<I3fvhorqttlma6>;
    "Releases": Anonymize<Iabusnodg6b76d>;
    "Vouchers": Anonymize<I6bs0io242v59o>;
}>;
export type Ie9sr1iqcg3cgm = ResultPayload<undefined, string>;
export type I1mqgk2tmnn9i2 = (string) | undefined;
export type I6lr8sctk0bi4e = Array<string>;
export {};
