import { StorageDescriptor, PlainDescriptor, TxDescriptor, RuntimeDescriptor, Enum, ApisFromDef, QueryFromPalletsDef, TxFromPalletsDef, EventsFromPalletsDef, ErrorsFromPalletsDef, ConstFromPalletsDef, ViewFnsFromPalletsDef, SS58String, SizedHex, FixedSizeArray } from "polkadot-api";
import type { I5sesotjlssv2d, Iffmde3ekjedi9, I4mddgoa69c0a2, I7t6vvbbkhnk51, I95g6i7ilua7lq, Ieniouoqkq4icf, Phase, Ibgl04rn6nbfm6, I4q39t5hn830vp, Ic5m5lp1oioo8r, GrandpaStoredState, I7pe2me3i3vtn9, I9jd27rnpm8ttv, I3geksg000c171, I1q8tnt1cluu5j, I8ds64oj6581v0, Ia7pdug7cdsg8g, I2bkmr100lo0kb, I9bin2jc70qt6q, TransactionPaymentReleases, Icjq50mudo1n5l, Iah83m1716m4h1, I4p5t2krb1gmvp, I2ihfg8cstm9rd, Iafqnechp3omqg, I4ojmnsk1dchql, Ifp759f7lc9pu3, I32o9vb6qqnjuq, I9qcme03pttakr, I200n1ov5tbcvr, I5spuldj7iqfb2, I9cl777bfqdu4g, I9jic9rhu4jhli, Ibacmlain20k93, Id83tn0bmfe9r7, In7a38730s6qs, Ibtil0ss5munbk, I9s0ave7t0vnrk, I4fo08joqmcqnm, I8ofcg5rbj0g2c, I4adgbll7gku4i, I6pjjpfvhvcfru, I9pj91mj79qekl, I39uah9nss64h9, Ik64dknsq7k08, Ib51vk42m1po4n, Idcr6u6361oad9, I3a5kuu5t5jj3g, I2hviml3snvhhn, I4ktuaksf5i1gk, I9bqtpv2ii35mp, I9j7pagd6d4bda, I2h9pmio37r7fb, Ibmr18suc9ikh9, I9iq22t0burs89, I5u8olqbbvfnvf, I5utcetro501ir, I5neppf1vi4u6r, I29efj7bo8mq56, I8k3rnvpeeh4hv, I68o0cd6c15ibo, Iclu3doakarn7h, Ic1shv8pdf7q40, I39vg07kp676pa, I9krb0lau419ea, I55ia1lv7n4jcv, Ia5873r43dqm21, I95e1hqr5uohu1, Iaf89e1hc96qhg, Ie8caqr7vvrs7l, I7c3iuqdr57qev, I1mafd97lheajl, I4ov6e94l79mbg, Id14hje7dmgct3, Ib98pjf7m0h0ue, I33jsmeorgvfvl, I46abh7hs9bal9, Ieaf8ken51bh13, I8b4v3g18fssaf, I9n7c2sgfgdagq, I8hr8kd1ea3fhc, Ieug0dki8qp8jv, Icfnreigpf3ukq, I4c2a369u1t1c6, If94s3f7j3bsci, Ib7dtnfhfv63us, Ia82mnkmeo2rhc, I1q2536v7fjr6s, I1jm8m1rh9e20v, Icbccs0ug47ilf, I855j4i3kr8ko1, I7r30uuu4j8205, I5768ac424h061, Icv68aq8841478, Ic262ibdoec56a, Iflcfm9b6nlmdd, Ijrsf4mnp3eka, Id5fm4p8lj5qgi, I8tjvj9uq4b7hi, I3qt1hgg4djhgb, I4cbvqmqadhrea, I4fooe9dun9o0t, Ifbbtri4mqb6pk, I6hteouvmsdmdm, I5je902ul4k56q, Iph9c4rn81ub2, Ier2cke86dqbr2, I6222thcbu8uka, I5rtkmhm2dng4u, If5ktcpt4ilpik, I7j6jdng2i7cd6, Iuv90vrlj93h6, I5kakejc6inn63, Il8pietpbv0ui, If4fc62ccm8k4l, Ia1o8va3qck375, I952k2up312afd, I8ohshn1lhnq8b, Iaueu9fflf8o2o, I6efsh4k0puvnd, Ib6t5ngsusgbnj, I62itlcidkhnea, I3t796bt6pv4dc, Ibud2to379jod9, Ifaacipoa7jng2, I9g19pmevkpr1q, I9rt7htnb2n3rl, Ia4kto2di3icnh, Iclc14v2iplojq, Iaaao3rmur566i, Ib1necm1ojumuh, I8rrr9v8p79dv8, I79n18cea1m724, I88q8ohsf1mnvf, Ifeh0s2v1jepsf, I9ktc9lml035mo, Idn90jrtlpgmnv, I4jbpp7og8fq8t, I6maeu05im5rep, Ic1sn87og45k60, I2ev3b2dbcve54, I31tg6q11bs099, I2ufn8dt0lg7qt, Iaqet9jc3ihboe, Ic952bubvq4k7d, I2v50gu3s1aqk6, Iabpgqcjikia83, Icgljjb6j82uhn, I4jibmr6b4lobf, If7uv525tdvv7a, Itom7fk49o0c9, I2an1fs2eiebjp, TransactionValidityTransactionSource, I9ask1o4tfvcvs, I4ph3d1eepnmr1, Icerf8h8pdu8ss, I9puqgoda8ofk4, I6spmpef2c7svf, Iei2mvq0mjvt81, I8pic425dh789r, Ie9sr1iqcg3cgm, I1mqgk2tmnn9i2, I6lr8sctk0bi4e, I6rkcd17sg01er } from "./common-types.js";
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
type IStorage = {
    System: {
        /**
         * The full account information for a particular account ID.
         */
        Account: StorageDescriptor<[Key: SS58String], Anonymize<I5sesotjlssv2d>, false, never>;
        /**
         * Total extrinsics count for the current block.
         */
        ExtrinsicCount: StorageDescriptor<[], number, true, never>;
        /**
         * Whether all inherents have been applied.
         */
        InherentsApplied: StorageDescriptor<[], boolean, false, never>;
        /**
         * The current weight for the block.
         */
        BlockWeight: StorageDescriptor<[], Anonymize<Iffmde3ekjedi9>, false, never>;
        /**
         * Total size (in bytes) of the current block.
         *
         * Tracks the size of the header and all extrinsics.
         */
        BlockSize: StorageDescriptor<[], number, true, never>;
        /**
         * Map of block numbers to block hashes.
         */
        BlockHash: StorageDescriptor<[Key: number], SizedHex<32>, false, never>;
        /**
         * Extrinsics data for the current block (maps an extrinsic's index to its data).
         */
        ExtrinsicData: StorageDescriptor<[Key: number], Uint8Array, false, never>;
        /**
         * The current block number being processed. Set by `execute_block`.
         */
        Number: StorageDescriptor<[], number, false, never>;
        /**
         * Hash of the previous block.
         */
        ParentHash: StorageDescriptor<[], SizedHex<32>, false, never>;
        /**
         * Digest of the current block, also part of the block header.
         */
        Digest: StorageDescriptor<[], Anonymize<I4mddgoa69c0a2>, false, never>;
        /**
         * Events deposited for the current block.
         *
         * NOTE: The item is unbound and should therefore never be read on chain.
         * It could otherwise inflate the PoV size of a block.
         *
         * Events have a large in-memory size. Box the events to not go out-of-memory
         * just in case someone still reads them from within the runtime.
         */
        Events: StorageDescriptor<[], Anonymize<I7t6vvbbkhnk51>, false, never>;
        /**
         * The number of events in the `Events<T>` list.
         */
        EventCount: StorageDescriptor<[], number, false, never>;
        /**
         * Mapping between a topic (represented by T::Hash) and a vector of indexes
         * of events in the `<Events<T>>` list.
         *
         * All topic vectors have deterministic storage locations depending on the topic. This
         * allows light-clients to leverage the changes trie storage tracking mechanism and
         * in case of changes fetch the list of events of interest.
         *
         * The value has the type `(BlockNumberFor<T>, EventIndex)` because if we used only just
         * the `EventIndex` then in case if the topic has the same contents on the next block
         * no notification will be triggered thus the event might be lost.
         */
        EventTopics: StorageDescriptor<[Key: SizedHex<32>], Anonymize<I95g6i7ilua7lq>, false, never>;
        /**
         * Stores the `spec_version` and `spec_name` of when the last runtime upgrade happened.
         */
        LastRuntimeUpgrade: StorageDescriptor<[], Anonymize<Ieniouoqkq4icf>, true, never>;
        /**
         * Number of blocks till the pending code upgrade is applied.
         */
        BlocksTillUpgrade: StorageDescriptor<[], number, true, never>;
        /**
         * True if we have upgraded so that `type RefCount` is `u32`. False (default) if not.
         */
        UpgradedToU32RefCount: StorageDescriptor<[], boolean, false, never>;
        /**
         * True if we have upgraded so that AccountInfo contains three types of `RefCount`. False
         * (default) if not.
         */
        UpgradedToTripleRefCount: StorageDescriptor<[], boolean, false, never>;
        /**
         * The execution phase of the block.
         */
        ExecutionPhase: StorageDescriptor<[], Phase, true, never>;
        /**
         * `Some` if a code upgrade has been authorized.
         */
        AuthorizedUpgrade: StorageDescriptor<[], Anonymize<Ibgl04rn6nbfm6>, true, never>;
        /**
         * The weight reclaimed for the extrinsic.
         *
         * This information is available until the end of the extrinsic execution.
         * More precisely this information is removed in `note_applied_extrinsic`.
         *
         * Logic doing some post dispatch weight reduction must update this storage to avoid duplicate
         * reduction.
         */
        ExtrinsicWeightReclaimed: StorageDescriptor<[], Anonymize<I4q39t5hn830vp>, false, never>;
    };
    Tempo: {
        /**
         * Length of an Aura slot in milliseconds.
         */
        SlotDurationMs: StorageDescriptor<[], bigint, false, never>;
        /**
         * Whether a slot may hold any number of blocks, with no time between them.
         */
        BlocksOnDemand: StorageDescriptor<[], boolean, false, never>;
    };
    Timestamp: {
        /**
         * The current time for the current block.
         */
        Now: StorageDescriptor<[], bigint, false, never>;
        /**
         * Whether the timestamp has been updated in this block.
         *
         * This value is updated to `true` upon successful submission of a timestamp by a node.
         * It is then checked at the end of each block execution in the `on_finalize` hook.
         */
        DidUpdate: StorageDescriptor<[], boolean, false, never>;
    };
    Aura: {
        /**
         * The current authority set.
         */
        Authorities: StorageDescriptor<[], Anonymize<Ic5m5lp1oioo8r>, false, never>;
        /**
         * The current slot of this block.
         *
         * This will be set in `on_initialize`.
         */
        CurrentSlot: StorageDescriptor<[], bigint, false, never>;
    };
    Grandpa: {
        /**
         * State of the current authority set.
         */
        State: StorageDescriptor<[], GrandpaStoredState, false, never>;
        /**
         * Pending change: (signaled at, scheduled change).
         */
        PendingChange: StorageDescriptor<[], Anonymize<I7pe2me3i3vtn9>, true, never>;
        /**
         * next block number where we can force a change.
         */
        NextForced: StorageDescriptor<[], number, true, never>;
        /**
         * `true` if we are currently stalled.
         */
        Stalled: StorageDescriptor<[], Anonymize<I9jd27rnpm8ttv>, true, never>;
        /**
         * The number of changes (both in terms of keys and underlying economic responsibilities)
         * in the "set" of Grandpa validators from genesis.
         */
        CurrentSetId: StorageDescriptor<[], bigint, false, never>;
        /**
         * A mapping from grandpa set ID to the index of the *most recent* session for which its
         * members were responsible.
         *
         * This is only used for validating equivocation proofs. An equivocation proof must
         * contains a key-ownership proof for a given session, therefore we need a way to tie
         * together sessions and GRANDPA set ids, i.e. we need to validate that a validator
         * was the owner of a given key on a given session, and what the active set ID was
         * during that session.
         *
         * TWOX-NOTE: `SetId` is not under user control.
         */
        SetIdSession: StorageDescriptor<[Key: bigint], number, true, never>;
        /**
         * The current list of authorities.
         */
        Authorities: StorageDescriptor<[], Anonymize<I3geksg000c171>, false, never>;
    };
    Balances: {
        /**
         * The total units issued in the system.
         */
        TotalIssuance: StorageDescriptor<[], bigint, false, never>;
        /**
         * The total units of outstanding deactivated balance in the system.
         *
         * This is not guaranteed to be less than or equal to [`TotalIssuance`]. Total issuance may be
         * reduced independently of this value, including while a reversible imbalance is outstanding.
         * Active issuance is therefore derived using saturating subtraction.
         */
        InactiveIssuance: StorageDescriptor<[], bigint, false, never>;
        /**
         * The Balances pallet example of storing the balance of an account.
         *
         * # Example
         *
         * ```nocompile
         * impl pallet_balances::Config for Runtime {
         * type AccountStore = StorageMapShim<Self::Account<Runtime>, frame_system::Provider<Runtime>, AccountId, Self::AccountData<Balance>>
         * }
         * ```
         *
         * You can also store the balance of an account in the `System` pallet.
         *
         * # Example
         *
         * ```nocompile
         * impl pallet_balances::Config for Runtime {
         * type AccountStore = System
         * }
         * ```
         *
         * But this comes with tradeoffs, storing account balances in the system pallet stores
         * `frame_system` data alongside the account data contrary to storing account balances in the
         * `Balances` pallet, which uses a `StorageMap` to store balances data only.
         * NOTE: This is only used in the case that this pallet is used to store balances.
         */
        Account: StorageDescriptor<[Key: SS58String], Anonymize<I1q8tnt1cluu5j>, false, never>;
        /**
         * Any liquidity locks on some account balances.
         * NOTE: Should only be accessed when setting, changing and freeing a lock.
         *
         * Use of locks is deprecated in favour of freezes. See `https://github.com/paritytech/substrate/pull/12951/`
         */
        Locks: StorageDescriptor<[Key: SS58String], Anonymize<I8ds64oj6581v0>, false, never>;
        /**
         * Named reserves on some account balances.
         *
         * Use of reserves is deprecated in favour of holds. See `https://github.com/paritytech/substrate/pull/12951/`
         */
        Reserves: StorageDescriptor<[Key: SS58String], Anonymize<Ia7pdug7cdsg8g>, false, never>;
        /**
         * Holds on account balances.
         */
        Holds: StorageDescriptor<[Key: SS58String], Anonymize<I2bkmr100lo0kb>, false, never>;
        /**
         * Freeze locks on account balances.
         */
        Freezes: StorageDescriptor<[Key: SS58String], Anonymize<I9bin2jc70qt6q>, false, never>;
    };
    TransactionPayment: {
        /**
        
         */
        NextFeeMultiplier: StorageDescriptor<[], bigint, false, never>;
        /**
        
         */
        StorageVersion: StorageDescriptor<[], TransactionPaymentReleases, false, never>;
        /**
         * The `OnChargeTransaction` stores the withdrawn tx fee here.
         *
         * Use `withdraw_txfee` and `remaining_txfee` to access from outside the crate.
         */
        TxPaymentCredit: StorageDescriptor<[], bigint, true, never>;
    };
    Sudo: {
        /**
         * The `AccountId` of the sudo key.
         */
        Key: StorageDescriptor<[], SS58String, true, never>;
    };
    Nodes: {
        /**
         * Every registered node.
         */
        Nodes: StorageDescriptor<[Key: SizedHex<32>], Anonymize<Icjq50mudo1n5l>, true, never>;
        /**
         * The node that a TEE account speaks for.
         */
        TeeAccounts: StorageDescriptor<[Key: SS58String], SizedHex<32>, true, never>;
        /**
         * Operators whose nodes may admit themselves while the network is small. Set at genesis, never changed.
         */
        FoundingOperators: StorageDescriptor<[Key: SS58String], null, true, never>;
        /**
         * The active list: every Active node, in the order of ids.
         */
        ActiveNodes: StorageDescriptor<[], Anonymize<Iah83m1716m4h1>, false, never>;
        /**
         * How many Active nodes an operator has. The number of keys is the number of operators who may have a seat.
         */
        ActiveOperators: StorageDescriptor<[Key: SS58String], number, true, never>;
        /**
         * Counter for the related counted storage map
         */
        CounterForActiveOperators: StorageDescriptor<[], number, false, never>;
        /**
         * Blocks without a heartbeat after which an Active node is Inactive. Set at genesis.
         */
        HeartbeatPeriod: StorageDescriptor<[], number, false, never>;
        /**
         * When to look at a node again: each that is Active, Inactive or Exiting is here once. A heartbeat doesn't move the entry,
         * so that it stays cheap; the look does.
         */
        Due: StorageDescriptor<Anonymize<I4p5t2krb1gmvp>, null, true, never>;
        /**
         * The oldest block that may still have entries in `Due`.
         */
        DueFrom: StorageDescriptor<[], number, false, never>;
        /**
         * The id given last; 0 before there was an appraisal.
         */
        LastAppraisal: StorageDescriptor<[], bigint, false, never>;
        /**
         * Every appraisal that is open, is about a node's present evidence, or was closed less than [`Config::Retention`] blocks ago.
         */
        Appraisals: StorageDescriptor<[Key: bigint], Anonymize<I2ihfg8cstm9rd>, true, never>;
        /**
         * The last appraisal whose record was looked at because it was old; 0 before there was one.
         */
        AppraisalsForgottenTo: StorageDescriptor<[], bigint, false, never>;
        /**
         * The appraisals that wait for a node's vote.
         */
        SeatsOf: StorageDescriptor<[Key: SizedHex<32>], Anonymize<Iafqnechp3omqg>, false, never>;
        /**
         * When votes close: each seated appraisal that takes votes is here once.
         */
        AppraisalsDue: StorageDescriptor<Anonymize<I4ojmnsk1dchql>, null, true, never>;
        /**
         * The oldest block that may still have entries in `AppraisalsDue`.
         */
        AppraisalsDueFrom: StorageDescriptor<[], number, false, never>;
        /**
         * Blocks after which evidence that was admitted is too old. Set at genesis.
         */
        EvidenceLifetime: StorageDescriptor<[], number, false, never>;
        /**
         * Blocks that a seated committee has for its votes. Set at genesis.
         */
        VotePeriod: StorageDescriptor<[], number, false, never>;
        /**
         * Blocks between `exit` and the stake's return. Set at genesis.
         */
        UnbondingPeriod: StorageDescriptor<[], number, false, never>;
        /**
         * What a member of a committee gets for its vote. Set at genesis.
         */
        AppraisalFee: StorageDescriptor<[], bigint, false, never>;
    };
    Content: {
        /**
         * The id given last; 0 before anything was published.
         */
        LastId: StorageDescriptor<[], bigint, false, never>;
        /**
         * Every entry ever published.
         */
        Entries: StorageDescriptor<[Key: bigint], Anonymize<Ifp759f7lc9pu3>, true, never>;
    };
    Errands: {
        /**
         * The id given last; 0 before there was an errand.
         */
        LastId: StorageDescriptor<[], bigint, false, never>;
        /**
         * Every errand there ever was.
         */
        Errands: StorageDescriptor<[Key: bigint], Anonymize<I32o9vb6qqnjuq>, true, never>;
        /**
         * Blocks for each state. Set at genesis.
         */
        StatePeriods: StorageDescriptor<[], Anonymize<I9qcme03pttakr>, false, never>;
        /**
         * Deadlines: every errand without an end is here once, at its deadline.
         */
        Deadlines: StorageDescriptor<Anonymize<I4ojmnsk1dchql>, null, true, never>;
        /**
         * The oldest block that may still have entries in `Deadlines`.
         */
        DeadlinesFrom: StorageDescriptor<[], number, false, never>;
        /**
         * Funded errands that wait for the choice of an executor, first come, first served.
         */
        SelectionQueue: StorageDescriptor<[Key: bigint], bigint, true, never>;
        /**
         * The places of the first in `SelectionQueue` and of the next to come.
         */
        SelectionRange: StorageDescriptor<[], Anonymize<I200n1ov5tbcvr>, false, never>;
        /**
         * Whether nodes claim errands by lot, or each block chooses by itself. Set at genesis.
         */
        ChoiceByLot: StorageDescriptor<[], boolean, false, never>;
        /**
         * The draw for an errand's executor, where the choice is by lot.
         */
        DrawOf: StorageDescriptor<[Key: bigint], bigint, true, never>;
        /**
         * The errands that a node was chosen for and that have no end yet: what a TEE that starts anew takes up again.
         */
        OpenErrandsOf: StorageDescriptor<Anonymize<I5spuldj7iqfb2>, null, true, never>;
        /**
         * How many those are.
         */
        OpenErrands: StorageDescriptor<[Key: SizedHex<32>], number, false, never>;
        /**
         * Running errands that their consumers asked to end.
         */
        CancelAsked: StorageDescriptor<[Key: bigint], null, true, never>;
    };
    Sortition: {
        /**
         * The id given last; 0 before there was a draw.
         */
        LastId: StorageDescriptor<[], bigint, false, never>;
        /**
         * Every draw that is open, or was opened less than [`Config::Retention`] blocks ago.
         */
        Draws: StorageDescriptor<[Key: bigint], Anonymize<I9cl777bfqdu4g>, true, never>;
        /**
         * The last draw that is no longer on record; 0 before there was one.
         */
        ForgottenTo: StorageDescriptor<[], bigint, false, never>;
        /**
         * When a draw moves on: each that hasn't ended is here once.
         */
        Due: StorageDescriptor<Anonymize<I4ojmnsk1dchql>, null, true, never>;
        /**
         * The oldest block that may still have entries in `Due`.
         */
        DueFrom: StorageDescriptor<[], number, false, never>;
        /**
         * For how many blocks a round takes claims. Set at genesis.
         */
        Window: StorageDescriptor<[], number, false, never>;
        /**
         * For how many blocks before the opening of a draw a node must have been registered. Set at genesis.
         */
        KeyAge: StorageDescriptor<[], number, false, never>;
    };
    Releases: {
        /**
         * Everything that was ever accepted, by the SHA-256 of its bytes.
         */
        Accepted: StorageDescriptor<[Key: SizedHex<32>], Anonymize<I9jic9rhu4jhli>, true, never>;
        /**
         * What was accepted last of each kind: its digest and version.
         */
        Latest: StorageDescriptor<[Key: Anonymize<Ibacmlain20k93>], Anonymize<I5spuldj7iqfb2>, true, never>;
    };
    Vouchers: {
        /**
         * The id given last; 0 before there was a channel.
         */
        LastId: StorageDescriptor<[], bigint, false, never>;
        /**
         * The channels that haven't ended.
         */
        Channels: StorageDescriptor<[Key: bigint], Anonymize<Id83tn0bmfe9r7>, true, never>;
        /**
         * When channels end: each is here once.
         */
        Ends: StorageDescriptor<Anonymize<I4ojmnsk1dchql>, null, true, never>;
        /**
         * The oldest block that may still have entries in `Ends`.
         */
        EndsFrom: StorageDescriptor<[], number, false, never>;
    };
};
type ICalls = {
    System: {
        /**
         * Make some on-chain remark.
         *
         * Can be executed by every `origin`.
         */
        remark: TxDescriptor<Anonymize<I8ofcg5rbj0g2c>>;
        /**
         * Set the number of pages in the WebAssembly environment's heap.
         */
        set_heap_pages: TxDescriptor<Anonymize<I4adgbll7gku4i>>;
        /**
         * Set the new runtime code.
         */
        set_code: TxDescriptor<Anonymize<I6pjjpfvhvcfru>>;
        /**
         * Set the new runtime code without doing any checks of the given `code`.
         *
         * Note that runtime upgrades will not run if this is called with a not-increasing spec
         * version!
         */
        set_code_without_checks: TxDescriptor<Anonymize<I6pjjpfvhvcfru>>;
        /**
         * Set some items of storage.
         */
        set_storage: TxDescriptor<Anonymize<I9pj91mj79qekl>>;
        /**
         * Kill some items from storage.
         */
        kill_storage: TxDescriptor<Anonymize<I39uah9nss64h9>>;
        /**
         * Kill all storage items with a key that starts with the given prefix.
         *
         * **NOTE:** We rely on the Root origin to provide us the number of subkeys under
         * the prefix we are removing to accurately calculate the weight of this function.
         */
        kill_prefix: TxDescriptor<Anonymize<Ik64dknsq7k08>>;
        /**
         * Make some on-chain remark and emit event.
         */
        remark_with_event: TxDescriptor<Anonymize<I8ofcg5rbj0g2c>>;
        /**
         * Authorize an upgrade to a given `code_hash` for the runtime. The runtime can be supplied
         * later.
         *
         * This call requires Root origin.
         */
        authorize_upgrade: TxDescriptor<Anonymize<Ib51vk42m1po4n>>;
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
        authorize_upgrade_without_checks: TxDescriptor<Anonymize<Ib51vk42m1po4n>>;
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
        apply_authorized_upgrade: TxDescriptor<Anonymize<I6pjjpfvhvcfru>>;
    };
    Timestamp: {
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
        set: TxDescriptor<Anonymize<Idcr6u6361oad9>>;
    };
    Grandpa: {
        /**
         * Report voter equivocation/misbehavior. This method will verify the
         * equivocation proof and validate the given key ownership proof
         * against the extracted offender. If both are valid, the offence
         * will be reported.
         */
        report_equivocation: TxDescriptor<Anonymize<I3a5kuu5t5jj3g>>;
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
        report_equivocation_unsigned: TxDescriptor<Anonymize<I3a5kuu5t5jj3g>>;
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
        note_stalled: TxDescriptor<Anonymize<I2hviml3snvhhn>>;
    };
    Balances: {
        /**
         * Transfer some liquid free balance to another account.
         *
         * `transfer_allow_death` will set the `FreeBalance` of the sender and receiver.
         * If the sender's account is below the existential deposit as a result
         * of the transfer, the account will be reaped.
         *
         * The dispatch origin for this call must be `Signed` by the transactor.
         */
        transfer_allow_death: TxDescriptor<Anonymize<I4ktuaksf5i1gk>>;
        /**
         * Exactly as `transfer_allow_death`, except the origin must be root and the source account
         * may be specified.
         */
        force_transfer: TxDescriptor<Anonymize<I9bqtpv2ii35mp>>;
        /**
         * Same as the [`transfer_allow_death`] call, but with a check that the transfer will not
         * kill the origin account.
         *
         * 99% of the time you want [`transfer_allow_death`] instead.
         *
         * [`transfer_allow_death`]: struct.Pallet.html#method.transfer
         */
        transfer_keep_alive: TxDescriptor<Anonymize<I4ktuaksf5i1gk>>;
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
        transfer_all: TxDescriptor<Anonymize<I9j7pagd6d4bda>>;
        /**
         * Unreserve some balance from a user by force.
         *
         * Can only be called by ROOT.
         */
        force_unreserve: TxDescriptor<Anonymize<I2h9pmio37r7fb>>;
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
        upgrade_accounts: TxDescriptor<Anonymize<Ibmr18suc9ikh9>>;
        /**
         * Set the regular balance of a given account.
         *
         * The dispatch origin for this call is `root`.
         */
        force_set_balance: TxDescriptor<Anonymize<I9iq22t0burs89>>;
        /**
         * Adjust the total issuance in a saturating way.
         *
         * Can only be called by root and always needs a positive `delta`.
         *
         * # Example
         */
        force_adjust_total_issuance: TxDescriptor<Anonymize<I5u8olqbbvfnvf>>;
        /**
         * Burn the specified liquid free balance from the origin account.
         *
         * If the origin's account ends up below the existential deposit as a result
         * of the burn and `keep_alive` is false, the account will be reaped.
         *
         * Unlike sending funds to a _burn_ address, which merely makes the funds inaccessible,
         * this `burn` operation will reduce total issuance by the amount _burned_.
         */
        burn: TxDescriptor<Anonymize<I5utcetro501ir>>;
    };
    Sudo: {
        /**
         * Authenticates the sudo key and dispatches a function call with `Root` origin.
         */
        sudo: TxDescriptor<Anonymize<I5neppf1vi4u6r>>;
        /**
         * Authenticates the sudo key and dispatches a function call with `Root` origin.
         * This function does not check the weight of the call, and instead allows the
         * Sudo user to specify the weight of the call.
         *
         * The dispatch origin for this call must be _Signed_.
         */
        sudo_unchecked_weight: TxDescriptor<Anonymize<I29efj7bo8mq56>>;
        /**
         * Authenticates the current sudo key and sets the given AccountId (`new`) as the new sudo
         * key.
         */
        set_key: TxDescriptor<Anonymize<I8k3rnvpeeh4hv>>;
        /**
         * Authenticates the sudo key and dispatches a function call with `Signed` origin from
         * a given account.
         *
         * The dispatch origin for this call must be _Signed_.
         */
        sudo_as: TxDescriptor<Anonymize<I68o0cd6c15ibo>>;
        /**
         * Permanently removes the sudo key.
         *
         * **This cannot be un-done.**
         */
        remove_key: TxDescriptor<undefined>;
    };
    Utility: {
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
        batch: TxDescriptor<Anonymize<Iclu3doakarn7h>>;
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
        as_derivative: TxDescriptor<Anonymize<Ic1shv8pdf7q40>>;
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
        batch_all: TxDescriptor<Anonymize<Iclu3doakarn7h>>;
        /**
         * Dispatches a function call with a provided origin.
         *
         * The dispatch origin for this call must be _Root_.
         *
         * ## Complexity
         * - O(1).
         */
        dispatch_as: TxDescriptor<Anonymize<I39vg07kp676pa>>;
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
        force_batch: TxDescriptor<Anonymize<Iclu3doakarn7h>>;
        /**
         * Dispatch a function call with a specified weight.
         *
         * This function does not check the weight of the call, and instead allows the
         * Root origin to specify the weight of the call.
         *
         * The dispatch origin for this call must be _Root_.
         */
        with_weight: TxDescriptor<Anonymize<I29efj7bo8mq56>>;
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
        if_else: TxDescriptor<Anonymize<I9krb0lau419ea>>;
        /**
         * Dispatches a function call with a provided origin.
         *
         * Almost the same as [`Pallet::dispatch_as`] but forwards any error of the inner call.
         *
         * The dispatch origin for this call must be _Root_.
         */
        dispatch_as_fallible: TxDescriptor<Anonymize<I39vg07kp676pa>>;
    };
    Nodes: {
        /**
         * Registers a node under the signer as operator, with the consent of its TEE's account, and holds its stake and the
         * fee of its committee. The node is Pending.
         */
        register: TxDescriptor<Anonymize<I55ia1lv7n4jcv>>;
        /**
         * Replaces the node's evidence, for another committee that its operator pays. The node is Pending again, whatever it
         * was. Signed by its operator or, unless its last evidence was found wanting, by its TEE.
         */
        update_evidence: TxDescriptor<Anonymize<Ia5873r43dqm21>>;
        /**
         * Sets the price of 1,000,000 units of gas for errands that are given an executor from now on.
         */
        set_gas_price: TxDescriptor<Anonymize<I95e1hqr5uohu1>>;
        /**
         * Gives the node up. It takes no errand and no seat any more, and its stake returns by itself when the unbonding
         * period is over. Errands it was chosen for are bound by their deadlines.
         */
        exit: TxDescriptor<Anonymize<Iaf89e1hc96qhg>>;
        /**
         * Records the appraisal of a node by the member of its committee that the signer is the TEE of, and acts on a decided one.
         * It names the evidence it is about: evidence that was replaced meanwhile gains nothing by it.
         */
        vote: TxDescriptor<Anonymize<Ie8caqr7vvrs7l>>;
        /**
         * Says that the signer's node is there. Free once in a quarter of the period; sooner, it costs its fee.
         */
        heartbeat: TxDescriptor<undefined>;
        /**
         * Says where clients reach the node, and whether as a first contact, in place of what was said before.
         */
        set_transports: TxDescriptor<Anonymize<I7c3iuqdr57qev>>;
    };
    Content: {
        /**
         * Publishes `size` bytes whose SHA-256 is `sha256`, to be fetched by `cid`, under the next id.
         */
        publish: TxDescriptor<Anonymize<I1mafd97lheajl>>;
        /**
         * Takes the entry off sale, for good. Errands that were funded before go on.
         */
        withdraw: TxDescriptor<Anonymize<I4ov6e94l79mbg>>;
    };
    Errands: {
        /**
         * Records an errand: run `code` on `data` and `input` for at most `gas_limit` and `max_price`, on an executor whose
         * evidence satisfies `policy`, and encrypt the result to `result_key`. No money moves yet.
         */
        create: TxDescriptor<Anonymize<Id14hje7dmgct3>>;
        /**
         * Holds the price ceiling. The next block chooses the executor, or the nodes draw lots for it.
         */
        fund: TxDescriptor<Anonymize<I4ov6e94l79mbg>>;
        /**
         * The executor publishes fresh evidence, bound to this errand. Where nothing is sealed, no key is waited for.
         *
         * A TEE that was started anew has neither the keys it was given nor the one that its receipts are signed with. It
         * attests again, for a fee, and the errand goes on from there: what was released before counts no longer. That is
         * possible until the errand is proved, in the time in which first evidence and first releases could have come.
         */
        attest: TxDescriptor<Anonymize<Ib98pjf7m0h0ue>>;
        /**
         * The owner of a sealed part states that its key was sealed to this executor, for this errand.
         */
        release: TxDescriptor<Anonymize<I33jsmeorgvfvl>>;
        /**
         * The owner of a sealed part refuses this executor. The errand ends, and the consumer gets everything back.
         */
        decline: TxDescriptor<Anonymize<I46abh7hs9bal9>>;
        /**
         * The executor has what it needs and begins.
         */
        start: TxDescriptor<Anonymize<I4ov6e94l79mbg>>;
        /**
         * The executor says how the run ended and publishes receipt and result. An outcome of `ok` has a result.
         */
        prove: TxDescriptor<Anonymize<Ieaf8ken51bh13>>;
        /**
         * Pays by the receipt: the consumer at once, anyone when the acceptance window is over.
         */
        settle: TxDescriptor<Anonymize<I4ov6e94l79mbg>>;
        /**
         * The consumer contests a proved errand, within the acceptance window.
         */
        dispute: TxDescriptor<Anonymize<I8b4v3g18fssaf>>;
        /**
         * Governance ends a dispute: pay by the receipt, or give everything back.
         */
        resolve: TxDescriptor<Anonymize<I9n7c2sgfgdagq>>;
        /**
         * The consumer ends an errand that has no executor yet, and for which no lots are being drawn. One that runs they
         * ask the executor to end: it proves the outcome `Cancelled`, and only the gas used until then is paid.
         */
        cancel: TxDescriptor<Anonymize<I4ov6e94l79mbg>>;
    };
    Sortition: {
        /**
         * Shows the lot of the signer's node in a draw. Free when it was worth showing. The claim of the last who may claim ends
         * the draw, so that a small network waits for nothing.
         */
        claim: TxDescriptor<Anonymize<I8hr8kd1ea3fhc>>;
    };
    Releases: {
        /**
         * Accepts the bytes whose SHA-256 is `digest`, from block `active_from` on.
         */
        accept: TxDescriptor<Anonymize<Ieug0dki8qp8jv>>;
        /**
         * Ends the acceptance from block `revoked_from` on. May be called again to end it sooner.
         */
        revoke: TxDescriptor<Anonymize<Icfnreigpf3ukq>>;
    };
    Vouchers: {
        /**
         * Holds `amount` for requests to `node`, until block `ends_at`.
         */
        open: TxDescriptor<Anonymize<I4c2a369u1t1c6>>;
        /**
         * Holds `amount` more in a channel of the signer.
         */
        top_up: TxDescriptor<Anonymize<If94s3f7j3bsci>>;
        /**
         * Pays what the voucher of `amount` altogether is more than what was redeemed. Anyone may hand it in.
         */
        redeem: TxDescriptor<Anonymize<Ib7dtnfhfv63us>>;
        /**
         * The depositor begins the challenge period; the payee ends the channel at once.
         */
        close: TxDescriptor<Anonymize<I4ov6e94l79mbg>>;
    };
};
type IEvent = {
    System: {
        /**
         * An extrinsic completed successfully.
         */
        ExtrinsicSuccess: PlainDescriptor<Anonymize<Ia82mnkmeo2rhc>>;
        /**
         * An extrinsic failed.
         */
        ExtrinsicFailed: PlainDescriptor<Anonymize<I1q2536v7fjr6s>>;
        /**
         * `:code` was updated to the code with the given hash.
         */
        CodeUpdated: PlainDescriptor<Anonymize<I1jm8m1rh9e20v>>;
        /**
         * A new account was created.
         */
        NewAccount: PlainDescriptor<Anonymize<Icbccs0ug47ilf>>;
        /**
         * An account was reaped.
         */
        KilledAccount: PlainDescriptor<Anonymize<Icbccs0ug47ilf>>;
        /**
         * On on-chain remark happened.
         */
        Remarked: PlainDescriptor<Anonymize<I855j4i3kr8ko1>>;
        /**
         * An upgrade was authorized.
         */
        UpgradeAuthorized: PlainDescriptor<Anonymize<Ibgl04rn6nbfm6>>;
        /**
         * An invalid authorized upgrade was rejected while trying to apply it.
         */
        RejectedInvalidAuthorizedUpgrade: PlainDescriptor<Anonymize<I7r30uuu4j8205>>;
    };
    Grandpa: {
        /**
         * New authority set has been applied.
         */
        NewAuthorities: PlainDescriptor<Anonymize<I5768ac424h061>>;
        /**
         * Current authority set has been paused.
         */
        Paused: PlainDescriptor<undefined>;
        /**
         * Current authority set has been resumed.
         */
        Resumed: PlainDescriptor<undefined>;
    };
    Balances: {
        /**
         * An account was created with some free balance.
         */
        Endowed: PlainDescriptor<Anonymize<Icv68aq8841478>>;
        /**
         * An account was removed whose balance was non-zero but below ExistentialDeposit,
         * resulting in an outright loss.
         */
        DustLost: PlainDescriptor<Anonymize<Ic262ibdoec56a>>;
        /**
         * Transfer succeeded.
         */
        Transfer: PlainDescriptor<Anonymize<Iflcfm9b6nlmdd>>;
        /**
         * A balance was set by root.
         */
        BalanceSet: PlainDescriptor<Anonymize<Ijrsf4mnp3eka>>;
        /**
         * Some balance was reserved (moved from free to reserved).
         */
        Reserved: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * Some balance was unreserved (moved from reserved to free).
         */
        Unreserved: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * Some balance was moved from the reserve of the first account to the second account.
         * Final argument indicates the destination balance type.
         */
        ReserveRepatriated: PlainDescriptor<Anonymize<I8tjvj9uq4b7hi>>;
        /**
         * Some amount was deposited (e.g. for transaction fees).
         */
        Deposit: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * Some amount was withdrawn from the account (e.g. for transaction fees).
         */
        Withdraw: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * Some amount was removed from the account (e.g. for misbehavior).
         */
        Slashed: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * Some amount was minted into an account.
         */
        Minted: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * Some credit was balanced and added to the TotalIssuance.
         */
        MintedCredit: PlainDescriptor<Anonymize<I3qt1hgg4djhgb>>;
        /**
         * Some amount was burned from an account.
         */
        Burned: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * Some debt has been dropped from the Total Issuance.
         */
        BurnedDebt: PlainDescriptor<Anonymize<I3qt1hgg4djhgb>>;
        /**
         * Some amount was suspended from an account (it can be restored later).
         */
        Suspended: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * Some amount was restored into an account.
         */
        Restored: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * An account was upgraded.
         */
        Upgraded: PlainDescriptor<Anonymize<I4cbvqmqadhrea>>;
        /**
         * Total issuance was increased by `amount`, creating a credit to be balanced.
         */
        Issued: PlainDescriptor<Anonymize<I3qt1hgg4djhgb>>;
        /**
         * Total issuance was decreased by `amount`, creating a debt to be balanced.
         */
        Rescinded: PlainDescriptor<Anonymize<I3qt1hgg4djhgb>>;
        /**
         * Some balance was locked.
         */
        Locked: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * Some balance was unlocked.
         */
        Unlocked: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * Some balance was frozen.
         */
        Frozen: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * Some balance was thawed.
         */
        Thawed: PlainDescriptor<Anonymize<Id5fm4p8lj5qgi>>;
        /**
         * The `TotalIssuance` was forcefully changed.
         */
        TotalIssuanceForced: PlainDescriptor<Anonymize<I4fooe9dun9o0t>>;
        /**
         * Some balance was placed on hold.
         */
        Held: PlainDescriptor<Anonymize<Ifbbtri4mqb6pk>>;
        /**
         * Held balance was burned from an account.
         */
        BurnedHeld: PlainDescriptor<Anonymize<Ifbbtri4mqb6pk>>;
        /**
         * A transfer of `amount` on hold from `source` to `dest` was initiated.
         */
        TransferOnHold: PlainDescriptor<Anonymize<I6hteouvmsdmdm>>;
        /**
         * The `transferred` balance is placed on hold at the `dest` account.
         */
        TransferAndHold: PlainDescriptor<Anonymize<I5je902ul4k56q>>;
        /**
         * Some balance was released from hold.
         */
        Released: PlainDescriptor<Anonymize<Ifbbtri4mqb6pk>>;
        /**
         * An unexpected/defensive event was triggered.
         */
        Unexpected: PlainDescriptor<Anonymize<Iph9c4rn81ub2>>;
    };
    TransactionPayment: {
        /**
         * A transaction fee `actual_fee`, of which `tip` was added to the minimum inclusion fee,
         * has been paid by `who`.
         */
        TransactionFeePaid: PlainDescriptor<Anonymize<Ier2cke86dqbr2>>;
    };
    Sudo: {
        /**
         * A sudo call just took place.
         */
        Sudid: PlainDescriptor<Anonymize<I6222thcbu8uka>>;
        /**
         * The sudo key has been updated.
         */
        KeyChanged: PlainDescriptor<Anonymize<I5rtkmhm2dng4u>>;
        /**
         * The key was permanently removed.
         */
        KeyRemoved: PlainDescriptor<undefined>;
        /**
         * A [sudo_as](Pallet::sudo_as) call just took place.
         */
        SudoAsDone: PlainDescriptor<Anonymize<I6222thcbu8uka>>;
    };
    Utility: {
        /**
         * Batch of dispatches did not complete fully. Index of first failing dispatch given, as
         * well as the error.
         */
        BatchInterrupted: PlainDescriptor<Anonymize<If5ktcpt4ilpik>>;
        /**
         * Batch of dispatches completed fully with no error.
         */
        BatchCompleted: PlainDescriptor<undefined>;
        /**
         * Batch of dispatches completed but has errors.
         */
        BatchCompletedWithErrors: PlainDescriptor<undefined>;
        /**
         * A single item within a Batch of dispatches has completed with no error.
         */
        ItemCompleted: PlainDescriptor<undefined>;
        /**
         * A single item within a Batch of dispatches has completed with error.
         */
        ItemFailed: PlainDescriptor<Anonymize<I7j6jdng2i7cd6>>;
        /**
         * A call was dispatched.
         */
        DispatchedAs: PlainDescriptor<Anonymize<Iuv90vrlj93h6>>;
        /**
         * Main call was dispatched.
         */
        IfElseMainSuccess: PlainDescriptor<undefined>;
        /**
         * The fallback call was dispatched.
         */
        IfElseFallbackCalled: PlainDescriptor<Anonymize<I5kakejc6inn63>>;
    };
    Nodes: {
        /**
        
         */
        Registered: PlainDescriptor<Anonymize<Il8pietpbv0ui>>;
        /**
         * The evidence changed: the node is Pending and its votes are void.
         */
        EvidenceUpdated: PlainDescriptor<Anonymize<If4fc62ccm8k4l>>;
        /**
        
         */
        GasPriceSet: PlainDescriptor<Anonymize<I95e1hqr5uohu1>>;
        /**
        
         */
        TransportsSet: PlainDescriptor<Anonymize<I7c3iuqdr57qev>>;
        /**
         * Its evidence is to be judged; by itself where no draw is named.
         */
        AppraisalOpened: PlainDescriptor<Anonymize<Ia1o8va3qck375>>;
        /**
         * These are to vote until `votes_close`.
         */
        Seated: PlainDescriptor<Anonymize<I952k2up312afd>>;
        /**
        
         */
        Voted: PlainDescriptor<Anonymize<I8ohshn1lhnq8b>>;
        /**
         * Votes are closed: `paid` went to those who voted, `returned` to the operator.
         */
        AppraisalClosed: PlainDescriptor<Anonymize<Iaueu9fflf8o2o>>;
        /**
        
         */
        Activated: PlainDescriptor<Anonymize<I6efsh4k0puvnd>>;
        /**
        
         */
        Refused: PlainDescriptor<Anonymize<Ib6t5ngsusgbnj>>;
        /**
         * Its evidence is too old, or nobody judged it.
         */
        Expired: PlainDescriptor<Anonymize<I62itlcidkhnea>>;
        /**
         * No heartbeat came for a whole period.
         */
        Lapsed: PlainDescriptor<Anonymize<I3t796bt6pv4dc>>;
        /**
         * A heartbeat brought an Inactive node back.
         */
        Returned: PlainDescriptor<Anonymize<Iaf89e1hc96qhg>>;
        /**
         * Its operator gave it up. The stake returns at `until`.
         */
        Exiting: PlainDescriptor<Anonymize<Ibud2to379jod9>>;
        /**
        
         */
        Exited: PlainDescriptor<Anonymize<Ifaacipoa7jng2>>;
    };
    Content: {
        /**
        
         */
        Published: PlainDescriptor<Anonymize<I9g19pmevkpr1q>>;
        /**
        
         */
        Withdrawn: PlainDescriptor<Anonymize<I4ov6e94l79mbg>>;
    };
    Errands: {
        /**
        
         */
        Created: PlainDescriptor<Anonymize<I9rt7htnb2n3rl>>;
        /**
        
         */
        Funded: PlainDescriptor<Anonymize<Ia4kto2di3icnh>>;
        /**
        
         */
        Selected: PlainDescriptor<Anonymize<Iclc14v2iplojq>>;
        /**
         * Nobody could be chosen; the errand stays Funded until its deadline or until it is cancelled.
         */
        NoCandidate: PlainDescriptor<Anonymize<I4ov6e94l79mbg>>;
        /**
        
         */
        Attested: PlainDescriptor<Anonymize<Ib98pjf7m0h0ue>>;
        /**
        
         */
        Released: PlainDescriptor<Anonymize<I33jsmeorgvfvl>>;
        /**
        
         */
        KeysReleased: PlainDescriptor<Anonymize<I4ov6e94l79mbg>>;
        /**
        
         */
        Started: PlainDescriptor<Anonymize<I4ov6e94l79mbg>>;
        /**
        
         */
        Proved: PlainDescriptor<Anonymize<Iaaao3rmur566i>>;
        /**
        
         */
        Disputed: PlainDescriptor<Anonymize<I8b4v3g18fssaf>>;
        /**
        
         */
        Resolved: PlainDescriptor<Anonymize<I9n7c2sgfgdagq>>;
        /**
        
         */
        Settled: PlainDescriptor<Anonymize<Ib1necm1ojumuh>>;
        /**
         * This payment couldn't be delivered and is part of what the consumer got back.
         */
        Undeliverable: PlainDescriptor<Anonymize<I8rrr9v8p79dv8>>;
        /**
        
         */
        Refunded: PlainDescriptor<Anonymize<I79n18cea1m724>>;
        /**
         * The consumer asks the executor to end the run.
         */
        CancelAsked: PlainDescriptor<Anonymize<I4ov6e94l79mbg>>;
    };
    Sortition: {
        /**
        
         */
        Opened: PlainDescriptor<Anonymize<I88q8ohsf1mnvf>>;
        /**
         * Claims are taken until `closes_at`.
         */
        Seeded: PlainDescriptor<Anonymize<Ifeh0s2v1jepsf>>;
        /**
        
         */
        Claimed: PlainDescriptor<Anonymize<I9ktc9lml035mo>>;
        /**
        
         */
        Drawn: PlainDescriptor<Anonymize<Idn90jrtlpgmnv>>;
        /**
         * In no round did enough nodes claim.
         */
        Failed: PlainDescriptor<Anonymize<I4jbpp7og8fq8t>>;
        /**
         * What the draw was about ended without it.
         */
        Abandoned: PlainDescriptor<Anonymize<I4ov6e94l79mbg>>;
    };
    Releases: {
        /**
        
         */
        Accepted: PlainDescriptor<Anonymize<Ieug0dki8qp8jv>>;
        /**
        
         */
        Revoked: PlainDescriptor<Anonymize<Icfnreigpf3ukq>>;
    };
    Vouchers: {
        /**
        
         */
        Opened: PlainDescriptor<Anonymize<I6maeu05im5rep>>;
        /**
        
         */
        ToppedUp: PlainDescriptor<Anonymize<Ic1sn87og45k60>>;
        /**
         * `paid` went to the payee, who has had `redeemed` altogether.
         */
        Redeemed: PlainDescriptor<Anonymize<I2ev3b2dbcve54>>;
        /**
         * The depositor closed it; vouchers are redeemed until `ends_at`.
         */
        Closing: PlainDescriptor<Anonymize<I31tg6q11bs099>>;
        /**
        
         */
        Ended: PlainDescriptor<Anonymize<I2ufn8dt0lg7qt>>;
    };
};
type IError = {
    System: {
        /**
         * The name of specification does not match between the current runtime
         * and the new runtime.
         */
        InvalidSpecName: PlainDescriptor<undefined>;
        /**
         * The specification version is not allowed to decrease between the current runtime
         * and the new runtime.
         */
        SpecVersionNeedsToIncrease: PlainDescriptor<undefined>;
        /**
         * Failed to extract the runtime version from the new runtime.
         *
         * Either calling `Core_version` or decoding `RuntimeVersion` failed.
         */
        FailedToExtractRuntimeVersion: PlainDescriptor<undefined>;
        /**
         * Suicide called when the account has non-default composite data.
         */
        NonDefaultComposite: PlainDescriptor<undefined>;
        /**
         * There is a non-zero reference count preventing the account from being purged.
         */
        NonZeroRefCount: PlainDescriptor<undefined>;
        /**
         * The origin filter prevent the call to be dispatched.
         */
        CallFiltered: PlainDescriptor<undefined>;
        /**
         * A multi-block migration is ongoing and prevents the current code from being replaced.
         */
        MultiBlockMigrationsOngoing: PlainDescriptor<undefined>;
        /**
         * No upgrade authorized.
         */
        NothingAuthorized: PlainDescriptor<undefined>;
        /**
         * The submitted code is not authorized.
         */
        Unauthorized: PlainDescriptor<undefined>;
    };
    Grandpa: {
        /**
         * Attempt to signal GRANDPA pause when the authority set isn't live
         * (either paused or already pending pause).
         */
        PauseFailed: PlainDescriptor<undefined>;
        /**
         * Attempt to signal GRANDPA resume when the authority set isn't paused
         * (either live or already pending resume).
         */
        ResumeFailed: PlainDescriptor<undefined>;
        /**
         * Attempt to signal GRANDPA change with one already pending.
         */
        ChangePending: PlainDescriptor<undefined>;
        /**
         * Cannot signal forced change so soon after last.
         */
        TooSoon: PlainDescriptor<undefined>;
        /**
         * A key ownership proof provided as part of an equivocation report is invalid.
         */
        InvalidKeyOwnershipProof: PlainDescriptor<undefined>;
        /**
         * An equivocation proof provided as part of an equivocation report is invalid.
         */
        InvalidEquivocationProof: PlainDescriptor<undefined>;
        /**
         * A given equivocation report is valid but already previously reported.
         */
        DuplicateOffenceReport: PlainDescriptor<undefined>;
    };
    Balances: {
        /**
         * Vesting balance too high to send value.
         */
        VestingBalance: PlainDescriptor<undefined>;
        /**
         * Account liquidity restrictions prevent withdrawal.
         */
        LiquidityRestrictions: PlainDescriptor<undefined>;
        /**
         * Balance too low to send value.
         */
        InsufficientBalance: PlainDescriptor<undefined>;
        /**
         * Value too low to create account due to existential deposit.
         */
        ExistentialDeposit: PlainDescriptor<undefined>;
        /**
         * Transfer/payment would kill account.
         */
        Expendability: PlainDescriptor<undefined>;
        /**
         * A vesting schedule already exists for this account.
         */
        ExistingVestingSchedule: PlainDescriptor<undefined>;
        /**
         * Beneficiary account must pre-exist.
         */
        DeadAccount: PlainDescriptor<undefined>;
        /**
         * Number of named reserves exceed `MaxReserves`.
         */
        TooManyReserves: PlainDescriptor<undefined>;
        /**
         * Number of holds exceed `VariantCountOf<T::RuntimeHoldReason>`.
         */
        TooManyHolds: PlainDescriptor<undefined>;
        /**
         * Number of freezes exceed `MaxFreezes`.
         */
        TooManyFreezes: PlainDescriptor<undefined>;
        /**
         * The issuance cannot be modified since it is already deactivated.
         */
        IssuanceDeactivated: PlainDescriptor<undefined>;
        /**
         * The delta cannot be zero.
         */
        DeltaZero: PlainDescriptor<undefined>;
    };
    Sudo: {
        /**
         * Sender must be the Sudo account.
         */
        RequireSudo: PlainDescriptor<undefined>;
    };
    Utility: {
        /**
         * Too many calls batched.
         */
        TooManyCalls: PlainDescriptor<undefined>;
    };
    Nodes: {
        /**
         * A node with this id is registered.
         */
        NodeIdTaken: PlainDescriptor<undefined>;
        /**
         * A node with this TEE account is registered.
         */
        TeeAccountTaken: PlainDescriptor<undefined>;
        /**
         * The operator's account can't be the TEE's too.
         */
        TeeAccountIsOperator: PlainDescriptor<undefined>;
        /**
         * The evidence's CID is empty.
         */
        EmptyEvidence: PlainDescriptor<undefined>;
        /**
         * No node has this id.
         */
        UnknownNode: PlainDescriptor<undefined>;
        /**
         * Only the node's operator may do this.
         */
        NotOperator: PlainDescriptor<undefined>;
        /**
         * The signer is no registered node's TEE account.
         */
        NotTeeAccount: PlainDescriptor<undefined>;
        /**
         * The signature isn't the TEE account's over this operator, node and chain.
         */
        BadConsent: PlainDescriptor<undefined>;
        /**
         * The operator gave the node up.
         */
        Leaving: PlainDescriptor<undefined>;
        /**
         * Only an Active node may vote.
         */
        VoterNotActive: PlainDescriptor<undefined>;
        /**
         * No committee is seated.
         */
        NotSeated: PlainDescriptor<undefined>;
        /**
         * The signer's node has no seat in this appraisal.
         */
        NotAMember: PlainDescriptor<undefined>;
        /**
         * The signer's node has voted.
         */
        AlreadyVoted: PlainDescriptor<undefined>;
        /**
         * Votes are closed.
         */
        TooLate: PlainDescriptor<undefined>;
        /**
         * The vote is about evidence that the node no longer has.
         */
        OtherEvidence: PlainDescriptor<undefined>;
        /**
         * No id is left.
         */
        IdsExhausted: PlainDescriptor<undefined>;
        /**
         * A bootstrap node has a transport.
         */
        BootstrapWithoutTransport: PlainDescriptor<undefined>;
        /**
         * The active list is full.
         */
        TooManyActive: PlainDescriptor<undefined>;
        /**
         * A transport is empty, or holds other than printable ASCII: it couldn't be a URL.
         */
        BadTransport: PlainDescriptor<undefined>;
    };
    Content: {
        /**
         * The CID is empty.
         */
        EmptyCid: PlainDescriptor<undefined>;
        /**
         * A content of zero bytes can't be run or read.
         */
        EmptyContent: PlainDescriptor<undefined>;
        /**
         * No entry has this id.
         */
        UnknownContent: PlainDescriptor<undefined>;
        /**
         * Only the entry's owner may do this.
         */
        NotOwner: PlainDescriptor<undefined>;
        /**
         * The entry is off sale already.
         */
        AlreadyWithdrawn: PlainDescriptor<undefined>;
        /**
         * No id is left.
         */
        IdsExhausted: PlainDescriptor<undefined>;
    };
    Errands: {
        /**
         * No errand has this id.
         */
        UnknownErrand: PlainDescriptor<undefined>;
        /**
         * The errand's state doesn't allow this.
         */
        WrongState: PlainDescriptor<undefined>;
        /**
         * The deadline has passed.
         */
        DeadlinePassed: PlainDescriptor<undefined>;
        /**
         * Only the errand's consumer may do this.
         */
        NotConsumer: PlainDescriptor<undefined>;
        /**
         * Only the chosen node's TEE account may do this.
         */
        NotExecutor: PlainDescriptor<undefined>;
        /**
         * Only the part's owner may do this.
         */
        NotPartOwner: PlainDescriptor<undefined>;
        /**
         * The errand has no such part.
         */
        UnknownPart: PlainDescriptor<undefined>;
        /**
         * The part is plain: there is no key to release.
         */
        PartNotSealed: PlainDescriptor<undefined>;
        /**
         * The part's key is released.
         */
        AlreadyReleased: PlainDescriptor<undefined>;
        /**
         * No content has this id.
         */
        UnknownContent: PlainDescriptor<undefined>;
        /**
         * The content was taken off sale.
         */
        NotOnSale: PlainDescriptor<undefined>;
        /**
         * The entry named as code is data.
         */
        NotCode: PlainDescriptor<undefined>;
        /**
         * The entry named as data is code.
         */
        NotData: PlainDescriptor<undefined>;
        /**
         * Without gas nothing runs.
         */
        NoGas: PlainDescriptor<undefined>;
        /**
         * The price ceiling doesn't cover code and data.
         */
        CeilingBelowContentPrice: PlainDescriptor<undefined>;
        /**
         * The key for the result is empty.
         */
        EmptyResultKey: PlainDescriptor<undefined>;
        /**
         * A CID is empty.
         */
        EmptyCid: PlainDescriptor<undefined>;
        /**
         * More gas than the errand's limit.
         */
        GasAboveLimit: PlainDescriptor<undefined>;
        /**
         * Whoever has seen the seed can't take the errand back, or they would draw until they like the winner.
         */
        LotsAreDrawn: PlainDescriptor<undefined>;
        /**
         * Until the acceptance window is over only the consumer settles.
         */
        AcceptanceWindowOpen: PlainDescriptor<undefined>;
        /**
         * No id is left.
         */
        IdsExhausted: PlainDescriptor<undefined>;
        /**
         * The executor was asked already.
         */
        CancelIsAsked: PlainDescriptor<undefined>;
        /**
         * The consumer didn't ask for the end of the run.
         */
        CancelNotAsked: PlainDescriptor<undefined>;
    };
    Sortition: {
        /**
         * No draw has this id.
         */
        UnknownDraw: PlainDescriptor<undefined>;
        /**
         * The draw takes no claims now: it has no seed yet, its window is over, or it ended.
         */
        NotOpen: PlainDescriptor<undefined>;
        /**
         * The signer is no registered node's TEE account.
         */
        NotTeeAccount: PlainDescriptor<undefined>;
        /**
         * Only an Active node may claim.
         */
        NotActive: PlainDescriptor<undefined>;
        /**
         * The node was registered too short a time before the draw was opened.
         */
        KeyTooYoung: PlainDescriptor<undefined>;
        /**
         * The node isn't what the subject asks for.
         */
        NotEligible: PlainDescriptor<undefined>;
        /**
         * The proof doesn't show a lot of this key in this draw.
         */
        BadProof: PlainDescriptor<undefined>;
        /**
         * The lot isn't under the threshold.
         */
        LotTooHigh: PlainDescriptor<undefined>;
        /**
         * The node has claimed.
         */
        AlreadyClaimed: PlainDescriptor<undefined>;
        /**
         * As many lower lots as there are seats have been shown.
         */
        Outbid: PlainDescriptor<undefined>;
        /**
         * Another node of the same operator has shown a lower lot for the committee.
         */
        RivalClaimed: PlainDescriptor<undefined>;
    };
    Releases: {
        /**
         * The CID is empty.
         */
        EmptyCid: PlainDescriptor<undefined>;
        /**
         * The digest was accepted before; what it stands for never changes.
         */
        AlreadyAccepted: PlainDescriptor<undefined>;
        /**
         * The version isn't above the last one of its kind.
         */
        VersionNotNewer: PlainDescriptor<undefined>;
        /**
         * Nothing takes effect before the present block.
         */
        InThePast: PlainDescriptor<undefined>;
        /**
         * Governance never accepted this digest.
         */
        UnknownDigest: PlainDescriptor<undefined>;
        /**
         * It is revoked from that block or an earlier one.
         */
        AlreadyRevoked: PlainDescriptor<undefined>;
    };
    Vouchers: {
        /**
         * No channel was ever given this id.
         */
        UnknownChannel: PlainDescriptor<undefined>;
        /**
         * The channel has ended, or its time is over.
         */
        ChannelEnded: PlainDescriptor<undefined>;
        /**
         * The depositor closed the channel: no more goes in, and it isn't closed twice.
         */
        ChannelClosing: PlainDescriptor<undefined>;
        /**
         * No node has this id.
         */
        UnknownNode: PlainDescriptor<undefined>;
        /**
         * Less than `MinDeposit`, or nothing to add.
         */
        DepositTooSmall: PlainDescriptor<undefined>;
        /**
         * The channel would expire before a challenge period is over.
         */
        LifetimeTooShort: PlainDescriptor<undefined>;
        /**
         * The channel would expire later than `MaxLifetime` from now.
         */
        LifetimeTooLong: PlainDescriptor<undefined>;
        /**
         * Only the depositor may do this.
         */
        NotDepositor: PlainDescriptor<undefined>;
        /**
         * Only the depositor or the payee may do this.
         */
        NotParty: PlainDescriptor<undefined>;
        /**
         * The signature isn't the depositor's over this chain, channel, node and amount.
         */
        BadSignature: PlainDescriptor<undefined>;
        /**
         * The voucher is no more than what was redeemed.
         */
        NothingNew: PlainDescriptor<undefined>;
        /**
         * The voucher is more than the deposit.
         */
        Overspent: PlainDescriptor<undefined>;
        /**
         * More than a balance can say.
         */
        AmountOverflows: PlainDescriptor<undefined>;
        /**
         * No id is left.
         */
        IdsExhausted: PlainDescriptor<undefined>;
    };
};
type IConstants = {
    System: {
        /**
         * Block & extrinsics weights: base values and limits.
         */
        BlockWeights: PlainDescriptor<Anonymize<In7a38730s6qs>>;
        /**
         * The maximum length of a block (in bytes).
         */
        BlockLength: PlainDescriptor<Anonymize<Ibtil0ss5munbk>>;
        /**
         * Maximum number of block number to block hash mappings to keep (oldest pruned first).
         */
        BlockHashCount: PlainDescriptor<number>;
        /**
         * The weight of runtime database operations the runtime can invoke.
         */
        DbWeight: PlainDescriptor<Anonymize<I9s0ave7t0vnrk>>;
        /**
         * Get the chain's in-code version.
         */
        Version: PlainDescriptor<Anonymize<I4fo08joqmcqnm>>;
        /**
         * The designated SS58 prefix of this chain.
         *
         * This replaces the "ss58Format" property declared in the chain spec. Reason is
         * that the runtime should know about the prefix in order to make use of it as
         * an identifier of the chain.
         */
        SS58Prefix: PlainDescriptor<number>;
    };
    Timestamp: {
        /**
         * The minimum period between blocks.
         *
         * Be aware that this is different to the *expected* period that the block production
         * apparatus provides. Your chosen consensus system will generally work with this to
         * determine a sensible block time. For example, in the Aura pallet it will be double this
         * period on default settings.
         */
        MinimumPeriod: PlainDescriptor<bigint>;
    };
    Aura: {
        /**
         * The slot duration Aura should run with, expressed in milliseconds.
         *
         * The effective value of this type can be changed with a runtime upgrade.
         *
         * For backwards compatibility either use [`MinimumPeriodTimesTwo`] or a const.
         */
        SlotDuration: PlainDescriptor<bigint>;
    };
    Grandpa: {
        /**
         * Max Authorities in use
         */
        MaxAuthorities: PlainDescriptor<number>;
        /**
         * The maximum number of nominators for each validator.
         */
        MaxNominators: PlainDescriptor<number>;
        /**
         * The maximum number of entries to keep in the set id to session index mapping.
         *
         * Since the `SetIdSession` map is only used for validating equivocations this
         * value should relate to the bonding duration of whatever staking system is
         * being used (if any). If equivocation handling is not enabled then this value
         * can be zero.
         */
        MaxSetIdSessionEntries: PlainDescriptor<bigint>;
    };
    Balances: {
        /**
         * The minimum amount required to keep an account open. MUST BE GREATER THAN ZERO!
         *
         * If you *really* need it to be zero, you can enable the feature `insecure_zero_ed` for
         * this pallet. However, you do so at your own risk: this will open up a major DoS vector.
         * In case you have multiple sources of provider references, you may also get unexpected
         * behaviour if you set this to zero.
         *
         * Bottom line: Do yourself a favour and make it at least one!
         */
        ExistentialDeposit: PlainDescriptor<bigint>;
        /**
         * The maximum number of locks that should exist on an account.
         * Not strictly enforced, but used for weight estimation.
         *
         * Use of locks is deprecated in favour of freezes. See `https://github.com/paritytech/substrate/pull/12951/`
         */
        MaxLocks: PlainDescriptor<number>;
        /**
         * The maximum number of named reserves that can exist on an account.
         *
         * Use of reserves is deprecated in favour of holds. See `https://github.com/paritytech/substrate/pull/12951/`
         */
        MaxReserves: PlainDescriptor<number>;
        /**
         * The maximum number of individual freeze locks that can exist on an account at any time.
         */
        MaxFreezes: PlainDescriptor<number>;
    };
    TransactionPayment: {
        /**
         * A fee multiplier for `Operational` extrinsics to compute "virtual tip" to boost their
         * `priority`
         *
         * This value is multiplied by the `final_fee` to obtain a "virtual tip" that is later
         * added to a tip component in regular `priority` calculations.
         * It means that a `Normal` transaction can front-run a similarly-sized `Operational`
         * extrinsic (with no tip), by including a tip value greater than the virtual tip.
         *
         * ```rust,ignore
         * // For `Normal`
         * let priority = priority_calc(tip);
         *
         * // For `Operational`
         * let virtual_tip = (inclusion_fee + tip) * OperationalFeeMultiplier;
         * let priority = priority_calc(tip + virtual_tip);
         * ```
         *
         * Note that since we use `final_fee` the multiplier applies also to the regular `tip`
         * sent with the transaction. So, not only does the transaction get a priority bump based
         * on the `inclusion_fee`, but we also amplify the impact of tips applied to `Operational`
         * transactions.
         */
        OperationalFeeMultiplier: PlainDescriptor<number>;
    };
    Utility: {
        /**
         * The limit on the number of batched calls.
         */
        batched_calls_limit: PlainDescriptor<number>;
    };
    Nodes: {
        /**
         * What an operator stakes for each node.
         */
        Stake: PlainDescriptor<bigint>;
        /**
         * How many nodes may be Active at once: the active list is one value, read when an executor is chosen.
         */
        MaxActive: PlainDescriptor<number>;
        /**
         * How many due nodes a block looks at, how many due appraisals, and how many of those it forgets; more wait for the next block.
         */
        MaxDuePerBlock: PlainDescriptor<number>;
        /**
         * For how many blocks a closed appraisal stays on record.
         */
        Retention: PlainDescriptor<number>;
    };
    Errands: {
        /**
         * How many executors a block chooses.
         */
        MaxSelectionsPerBlock: PlainDescriptor<number>;
        /**
         * How many missed deadlines a block works off.
         */
        MaxExpiriesPerBlock: PlainDescriptor<number>;
    };
    Sortition: {
        /**
         * How many draws a block moves on, and how many it forgets.
         */
        MaxDuePerBlock: PlainDescriptor<number>;
        /**
         * For how many blocks after its opening a draw that ended stays on record.
         */
        Retention: PlainDescriptor<number>;
    };
    Vouchers: {
        /**
         * The least a channel is opened with: it pays for the room it takes.
         */
        MinDeposit: PlainDescriptor<bigint>;
        /**
         * How many blocks a node has to redeem after the depositor closed the channel. A channel lasts at least that long.
         */
        ChallengePeriod: PlainDescriptor<number>;
        /**
         * How far ahead a channel may expire.
         */
        MaxLifetime: PlainDescriptor<number>;
        /**
         * How many ends a block works off.
         */
        MaxEndsPerBlock: PlainDescriptor<number>;
    };
};
type IViewFns = {};
type IRuntimeCalls = {
    /**
     * The `Core` runtime api that every Substrate runtime needs to implement.
     */
    Core: {
        /**
         * Returns the version of the runtime.
         */
        version: RuntimeDescriptor<[], Anonymize<I4fo08joqmcqnm>>;
        /**
         * Execute the given block.
         */
        execute_block: RuntimeDescriptor<[block: Anonymize<Iaqet9jc3ihboe>], undefined>;
        /**
         * Initialize a block with the given header and return the runtime executive mode.
         */
        initialize_block: RuntimeDescriptor<[header: Anonymize<Ic952bubvq4k7d>], Anonymize<I2v50gu3s1aqk6>>;
    };
    /**
     * The `Metadata` api trait that returns metadata for the runtime.
     */
    Metadata: {
        /**
         * Returns the metadata of a runtime.
         */
        metadata: RuntimeDescriptor<[], Uint8Array>;
        /**
         * Returns the metadata at a given version.
         *
         * If the given `version` isn't supported, this will return `None`.
         * Use [`Self::metadata_versions`] to find out about supported metadata version of the runtime.
         */
        metadata_at_version: RuntimeDescriptor<[version: number], Anonymize<Iabpgqcjikia83>>;
        /**
         * Returns the supported metadata versions.
         *
         * This can be used to call `metadata_at_version`.
         */
        metadata_versions: RuntimeDescriptor<[], Anonymize<Icgljjb6j82uhn>>;
    };
    /**
     * The `BlockBuilder` api trait that provides the required functionality for building a block.
     */
    BlockBuilder: {
        /**
         * Apply the given extrinsic.
         *
         * Returns an inclusion outcome which specifies if this extrinsic is included in
         * this block or not.
         */
        apply_extrinsic: RuntimeDescriptor<[extrinsic: Uint8Array], Anonymize<I4jibmr6b4lobf>>;
        /**
         * Finish the current block.
         */
        finalize_block: RuntimeDescriptor<[], Anonymize<Ic952bubvq4k7d>>;
        /**
         * Generate inherent extrinsics. The inherent data will vary from chain to chain.
         */
        inherent_extrinsics: RuntimeDescriptor<[inherent: Anonymize<If7uv525tdvv7a>], Anonymize<Itom7fk49o0c9>>;
        /**
         * Check that the inherents are valid. The inherent data will vary from chain to chain.
         */
        check_inherents: RuntimeDescriptor<[block: Anonymize<Iaqet9jc3ihboe>, data: Anonymize<If7uv525tdvv7a>], Anonymize<I2an1fs2eiebjp>>;
    };
    /**
     * The `TaggedTransactionQueue` api trait for interfering with the transaction queue.
     */
    TaggedTransactionQueue: {
        /**
         * Validate the transaction.
         *
         * This method is invoked by the transaction pool to learn details about given transaction.
         * The implementation should make sure to verify the correctness of the transaction
         * against current state. The given `block_hash` corresponds to the hash of the block
         * that is used as current state.
         *
         * Note that this call may be performed by the pool multiple times and transactions
         * might be verified in any possible order.
         */
        validate_transaction: RuntimeDescriptor<[source: TransactionValidityTransactionSource, tx: Uint8Array, block_hash: SizedHex<32>], Anonymize<I9ask1o4tfvcvs>>;
    };
    /**
     * The offchain worker api.
     */
    OffchainWorkerApi: {
        /**
         * Starts the off-chain task for given block header.
         */
        offchain_worker: RuntimeDescriptor<[header: Anonymize<Ic952bubvq4k7d>], undefined>;
    };
    /**
     * API necessary for block authorship with aura.
     */
    AuraApi: {
        /**
         * Returns the slot duration for Aura.
         *
         * Currently, only the value provided by this type at genesis will be used.
         */
        slot_duration: RuntimeDescriptor<[], bigint>;
        /**
         * Return the current set of authorities.
         */
        authorities: RuntimeDescriptor<[], Anonymize<Ic5m5lp1oioo8r>>;
    };
    /**
     * Session keys runtime api.
     */
    SessionKeys: {
        /**
         * Generate a set of session keys with optionally using the given seed.
         * The keys should be stored within the keystore exposed via runtime
         * externalities.
         *
         * The seed needs to be a valid `utf8` string.
         *
         * Returns the concatenated SCALE encoded public keys.
         */
        generate_session_keys: RuntimeDescriptor<[owner: Uint8Array, seed: Anonymize<Iabpgqcjikia83>], Anonymize<I4ph3d1eepnmr1>>;
        /**
         * Decode the given public session keys.
         *
         * Returns the list of public raw public keys + key type.
         */
        decode_session_keys: RuntimeDescriptor<[encoded: Uint8Array], Anonymize<Icerf8h8pdu8ss>>;
    };
    /**
     * APIs for integrating the GRANDPA finality gadget into runtimes.
     * This should be implemented on the runtime side.
     *
     * This is primarily used for negotiating authority-set changes for the
     * gadget. GRANDPA uses a signaling model of changing authority sets:
     * changes should be signaled with a delay of N blocks, and then automatically
     * applied in the runtime after those N blocks have passed.
     *
     * The consensus protocol will coordinate the handoff externally.
     */
    GrandpaApi: {
        /**
         * Get the current GRANDPA authorities and weights. This should not change except
         * for when changes are scheduled and the corresponding delay has passed.
         *
         * When called at block B, it will return the set of authorities that should be
         * used to finalize descendants of this block (B+1, B+2, ...). The block B itself
         * is finalized by the authorities from block B-1.
         */
        grandpa_authorities: RuntimeDescriptor<[], Anonymize<I3geksg000c171>>;
        /**
         * Submits an unsigned extrinsic to report an equivocation. The caller
         * must provide the equivocation proof and a key ownership proof
         * (should be obtained using `generate_key_ownership_proof`). The
         * extrinsic will be unsigned and should only be accepted for local
         * authorship (not to be broadcast to the network). This method returns
         * `None` when creation of the extrinsic fails, e.g. if equivocation
         * reporting is disabled for the given runtime (i.e. this method is
         * hardcoded to return `None`). Only useful in an offchain context.
         */
        submit_report_equivocation_unsigned_extrinsic: RuntimeDescriptor<[equivocation_proof: Anonymize<I9puqgoda8ofk4>, key_owner_proof: Uint8Array], boolean>;
        /**
         * Generates a proof of key ownership for the given authority in the
         * given set. An example usage of this module is coupled with the
         * session historical module to prove that a given authority key is
         * tied to a given staking identity during a specific session. Proofs
         * of key ownership are necessary for submitting equivocation reports.
         * NOTE: even though the API takes a `set_id` as parameter the current
         * implementations ignore this parameter and instead rely on this
         * method being called at the correct block height, i.e. any point at
         * which the given set id is live on-chain. Future implementations will
         * instead use indexed data through an offchain worker, not requiring
         * older states to be available.
         */
        generate_key_ownership_proof: RuntimeDescriptor<[set_id: bigint, authority_id: SizedHex<32>], Anonymize<Iabpgqcjikia83>>;
        /**
         * Get current GRANDPA authority set id.
         */
        current_set_id: RuntimeDescriptor<[], bigint>;
    };
    /**
     * The API to query account nonce.
     */
    AccountNonceApi: {
        /**
         * Get current account nonce of given `AccountId`.
         */
        account_nonce: RuntimeDescriptor<[account: SS58String], number>;
    };
    /**
    
     */
    TransactionPaymentApi: {
        /**
        
         */
        query_info: RuntimeDescriptor<[uxt: Uint8Array, len: number], Anonymize<I6spmpef2c7svf>>;
        /**
        
         */
        query_fee_details: RuntimeDescriptor<[uxt: Uint8Array, len: number], Anonymize<Iei2mvq0mjvt81>>;
        /**
        
         */
        query_weight_to_fee: RuntimeDescriptor<[weight: Anonymize<I4q39t5hn830vp>], bigint>;
        /**
        
         */
        query_length_to_fee: RuntimeDescriptor<[length: number], bigint>;
    };
    /**
    
     */
    TransactionPaymentCallApi: {
        /**
         * Query information of a dispatch class, weight, and fee of a given encoded `Call`.
         */
        query_call_info: RuntimeDescriptor<[call: Anonymize<I8pic425dh789r>, len: number], Anonymize<I6spmpef2c7svf>>;
        /**
         * Query fee details of a given encoded `Call`.
         */
        query_call_fee_details: RuntimeDescriptor<[call: Anonymize<I8pic425dh789r>, len: number], Anonymize<Iei2mvq0mjvt81>>;
        /**
         * Query the output of the current `WeightToFee` given some input.
         */
        query_weight_to_fee: RuntimeDescriptor<[weight: Anonymize<I4q39t5hn830vp>], bigint>;
        /**
         * Query the output of the current `LengthToFee` given some input.
         */
        query_length_to_fee: RuntimeDescriptor<[length: number], bigint>;
    };
    /**
     * API to interact with `RuntimeGenesisConfig` for the runtime
     */
    GenesisBuilder: {
        /**
         * Build `RuntimeGenesisConfig` from a JSON blob not using any defaults and store it in the
         * storage.
         *
         * In the case of a FRAME-based runtime, this function deserializes the full
         * `RuntimeGenesisConfig` from the given JSON blob and puts it into the storage. If the
         * provided JSON blob is incorrect or incomplete or the deserialization fails, an error
         * is returned.
         *
         * Please note that provided JSON blob must contain all `RuntimeGenesisConfig` fields, no
         * defaults will be used.
         */
        build_state: RuntimeDescriptor<[json: Uint8Array], Anonymize<Ie9sr1iqcg3cgm>>;
        /**
         * Returns a JSON blob representation of the built-in `RuntimeGenesisConfig` identified by
         * `id`.
         *
         * If `id` is `None` the function should return JSON blob representation of the default
         * `RuntimeGenesisConfig` struct of the runtime. Implementation must provide default
         * `RuntimeGenesisConfig`.
         *
         * Otherwise function returns a JSON representation of the built-in, named
         * `RuntimeGenesisConfig` preset identified by `id`, or `None` if such preset does not
         * exist. Returned `Vec<u8>` contains bytes of JSON blob (patch) which comprises a list of
         * (potentially nested) key-value pairs that are intended for customizing the default
         * runtime genesis config. The patch shall be merged (rfc7386) with the JSON representation
         * of the default `RuntimeGenesisConfig` to create a comprehensive genesis config that can
         * be used in `build_state` method.
         */
        get_preset: RuntimeDescriptor<[id: Anonymize<I1mqgk2tmnn9i2>], Anonymize<Iabpgqcjikia83>>;
        /**
         * Returns a list of identifiers for available builtin `RuntimeGenesisConfig` presets.
         *
         * The presets from the list can be queried with [`GenesisBuilder::get_preset`] method. If
         * no named presets are provided by the runtime the list is empty.
         */
        preset_names: RuntimeDescriptor<[], Anonymize<I6lr8sctk0bi4e>>;
    };
};
export type TeaDispatchError = Anonymize<I6rkcd17sg01er>;
type IAsset = PlainDescriptor<void>;
export type TeaExtensions = {};
type PalletsTypedef = {
    __storage: IStorage;
    __tx: ICalls;
    __event: IEvent;
    __error: IError;
    __const: IConstants;
    __view: IViewFns;
};
export type Tea = {
    descriptors: {
        pallets: PalletsTypedef;
        apis: IRuntimeCalls;
    } & Promise<any>;
    metadataTypes: Promise<Uint8Array>;
    asset: IAsset;
    extensions: TeaExtensions;
    getMetadata: () => Promise<Uint8Array>;
    genesis: string | undefined;
};
declare const _allDescriptors: Tea;
export default _allDescriptors;
export type TeaApis = ApisFromDef<IRuntimeCalls>;
export type TeaQueries = QueryFromPalletsDef<PalletsTypedef>;
export type TeaCalls = TxFromPalletsDef<PalletsTypedef>;
export type TeaEvents = EventsFromPalletsDef<PalletsTypedef>;
export type TeaErrors = ErrorsFromPalletsDef<PalletsTypedef>;
export type TeaConstants = ConstFromPalletsDef<PalletsTypedef>;
export type TeaViewFns = ViewFnsFromPalletsDef<PalletsTypedef>;
export type TeaCallData = Anonymize<I8pic425dh789r> & {
    value: {
        type: string;
    };
};
type AllInteractions = {
    storage: {
        System: ['Account', 'ExtrinsicCount', 'InherentsApplied', 'BlockWeight', 'BlockSize', 'BlockHash', 'ExtrinsicData', 'Number', 'ParentHash', 'Digest', 'Events', 'EventCount', 'EventTopics', 'LastRuntimeUpgrade', 'BlocksTillUpgrade', 'UpgradedToU32RefCount', 'UpgradedToTripleRefCount', 'ExecutionPhase', 'AuthorizedUpgrade', 'ExtrinsicWeightReclaimed'];
        Tempo: ['SlotDurationMs', 'BlocksOnDemand'];
        Timestamp: ['Now', 'DidUpdate'];
        Aura: ['Authorities', 'CurrentSlot'];
        Grandpa: ['State', 'PendingChange', 'NextForced', 'Stalled', 'CurrentSetId', 'SetIdSession', 'Authorities'];
        Balances: ['TotalIssuance', 'InactiveIssuance', 'Account', 'Locks', 'Reserves', 'Holds', 'Freezes'];
        TransactionPayment: ['NextFeeMultiplier', 'StorageVersion', 'TxPaymentCredit'];
        Sudo: ['Key'];
        Nodes: ['Nodes', 'TeeAccounts', 'FoundingOperators', 'ActiveNodes', 'ActiveOperators', 'CounterForActiveOperators', 'HeartbeatPeriod', 'Due', 'DueFrom', 'LastAppraisal', 'Appraisals', 'AppraisalsForgottenTo', 'SeatsOf', 'AppraisalsDue', 'AppraisalsDueFrom', 'EvidenceLifetime', 'VotePeriod', 'UnbondingPeriod', 'AppraisalFee'];
        Content: ['LastId', 'Entries'];
        Errands: ['LastId', 'Errands', 'StatePeriods', 'Deadlines', 'DeadlinesFrom', 'SelectionQueue', 'SelectionRange', 'ChoiceByLot', 'DrawOf', 'OpenErrandsOf', 'OpenErrands', 'CancelAsked'];
        Sortition: ['LastId', 'Draws', 'ForgottenTo', 'Due', 'DueFrom', 'Window', 'KeyAge'];
        Releases: ['Accepted', 'Latest'];
        Vouchers: ['LastId', 'Channels', 'Ends', 'EndsFrom'];
    };
    tx: {
        System: ['remark', 'set_heap_pages', 'set_code', 'set_code_without_checks', 'set_storage', 'kill_storage', 'kill_prefix', 'remark_with_event', 'authorize_upgrade', 'authorize_upgrade_without_checks', 'apply_authorized_upgrade'];
        Timestamp: ['set'];
        Grandpa: ['report_equivocation', 'report_equivocation_unsigned', 'note_stalled'];
        Balances: ['transfer_allow_death', 'force_transfer', 'transfer_keep_alive', 'transfer_all', 'force_unreserve', 'upgrade_accounts', 'force_set_balance', 'force_adjust_total_issuance', 'burn'];
        Sudo: ['sudo', 'sudo_unchecked_weight', 'set_key', 'sudo_as', 'remove_key'];
        Utility: ['batch', 'as_derivative', 'batch_all', 'dispatch_as', 'force_batch', 'with_weight', 'if_else', 'dispatch_as_fallible'];
        Nodes: ['register', 'update_evidence', 'set_gas_price', 'exit', 'vote', 'heartbeat', 'set_transports'];
        Content: ['publish', 'withdraw'];
        Errands: ['create', 'fund', 'attest', 'release', 'decline', 'start', 'prove', 'settle', 'dispute', 'resolve', 'cancel'];
        Sortition: ['claim'];
        Releases: ['accept', 'revoke'];
        Vouchers: ['open', 'top_up', 'redeem', 'close'];
    };
    events: {
        System: ['ExtrinsicSuccess', 'ExtrinsicFailed', 'CodeUpdated', 'NewAccount', 'KilledAccount', 'Remarked', 'UpgradeAuthorized', 'RejectedInvalidAuthorizedUpgrade'];
        Grandpa: ['NewAuthorities', 'Paused', 'Resumed'];
        Balances: ['Endowed', 'DustLost', 'Transfer', 'BalanceSet', 'Reserved', 'Unreserved', 'ReserveRepatriated', 'Deposit', 'Withdraw', 'Slashed', 'Minted', 'MintedCredit', 'Burned', 'BurnedDebt', 'Suspended', 'Restored', 'Upgraded', 'Issued', 'Rescinded', 'Locked', 'Unlocked', 'Frozen', 'Thawed', 'TotalIssuanceForced', 'Held', 'BurnedHeld', 'TransferOnHold', 'TransferAndHold', 'Released', 'Unexpected'];
        TransactionPayment: ['TransactionFeePaid'];
        Sudo: ['Sudid', 'KeyChanged', 'KeyRemoved', 'SudoAsDone'];
        Utility: ['BatchInterrupted', 'BatchCompleted', 'BatchCompletedWithErrors', 'ItemCompleted', 'ItemFailed', 'DispatchedAs', 'IfElseMainSuccess', 'IfElseFallbackCalled'];
        Nodes: ['Registered', 'EvidenceUpdated', 'GasPriceSet', 'TransportsSet', 'AppraisalOpened', 'Seated', 'Voted', 'AppraisalClosed', 'Activated', 'Refused', 'Expired', 'Lapsed', 'Returned', 'Exiting', 'Exited'];
        Content: ['Published', 'Withdrawn'];
        Errands: ['Created', 'Funded', 'Selected', 'NoCandidate', 'Attested', 'Released', 'KeysReleased', 'Started', 'Proved', 'Disputed', 'Resolved', 'Settled', 'Undeliverable', 'Refunded', 'CancelAsked'];
        Sortition: ['Opened', 'Seeded', 'Claimed', 'Drawn', 'Failed', 'Abandoned'];
        Releases: ['Accepted', 'Revoked'];
        Vouchers: ['Opened', 'ToppedUp', 'Redeemed', 'Closing', 'Ended'];
    };
    errors: {
        System: ['InvalidSpecName', 'SpecVersionNeedsToIncrease', 'FailedToExtractRuntimeVersion', 'NonDefaultComposite', 'NonZeroRefCount', 'CallFiltered', 'MultiBlockMigrationsOngoing', 'NothingAuthorized', 'Unauthorized'];
        Grandpa: ['PauseFailed', 'ResumeFailed', 'ChangePending', 'TooSoon', 'InvalidKeyOwnershipProof', 'InvalidEquivocationProof', 'DuplicateOffenceReport'];
        Balances: ['VestingBalance', 'LiquidityRestrictions', 'InsufficientBalance', 'ExistentialDeposit', 'Expendability', 'ExistingVestingSchedule', 'DeadAccount', 'TooManyReserves', 'TooManyHolds', 'TooManyFreezes', 'IssuanceDeactivated', 'DeltaZero'];
        Sudo: ['RequireSudo'];
        Utility: ['TooManyCalls'];
        Nodes: ['NodeIdTaken', 'TeeAccountTaken', 'TeeAccountIsOperator', 'EmptyEvidence', 'UnknownNode', 'NotOperator', 'NotTeeAccount', 'BadConsent', 'Leaving', 'VoterNotActive', 'NotSeated', 'NotAMember', 'AlreadyVoted', 'TooLate', 'OtherEvidence', 'IdsExhausted', 'BootstrapWithoutTransport', 'TooManyActive', 'BadTransport'];
        Content: ['EmptyCid', 'EmptyContent', 'UnknownContent', 'NotOwner', 'AlreadyWithdrawn', 'IdsExhausted'];
        Errands: ['UnknownErrand', 'WrongState', 'DeadlinePassed', 'NotConsumer', 'NotExecutor', 'NotPartOwner', 'UnknownPart', 'PartNotSealed', 'AlreadyReleased', 'UnknownContent', 'NotOnSale', 'NotCode', 'NotData', 'NoGas', 'CeilingBelowContentPrice', 'EmptyResultKey', 'EmptyCid', 'GasAboveLimit', 'LotsAreDrawn', 'AcceptanceWindowOpen', 'IdsExhausted', 'CancelIsAsked', 'CancelNotAsked'];
        Sortition: ['UnknownDraw', 'NotOpen', 'NotTeeAccount', 'NotActive', 'KeyTooYoung', 'NotEligible', 'BadProof', 'LotTooHigh', 'AlreadyClaimed', 'Outbid', 'RivalClaimed'];
        Releases: ['EmptyCid', 'AlreadyAccepted', 'VersionNotNewer', 'InThePast', 'UnknownDigest', 'AlreadyRevoked'];
        Vouchers: ['UnknownChannel', 'ChannelEnded', 'ChannelClosing', 'UnknownNode', 'DepositTooSmall', 'LifetimeTooShort', 'LifetimeTooLong', 'NotDepositor', 'NotParty', 'BadSignature', 'NothingNew', 'Overspent', 'AmountOverflows', 'IdsExhausted'];
    };
    constants: {
        System: ['BlockWeights', 'BlockLength', 'BlockHashCount', 'DbWeight', 'Version', 'SS58Prefix'];
        Timestamp: ['MinimumPeriod'];
        Aura: ['SlotDuration'];
        Grandpa: ['MaxAuthorities', 'MaxNominators', 'MaxSetIdSessionEntries'];
        Balances: ['ExistentialDeposit', 'MaxLocks', 'MaxReserves', 'MaxFreezes'];
        TransactionPayment: ['OperationalFeeMultiplier'];
        Utility: ['batched_calls_limit'];
        Nodes: ['Stake', 'MaxActive', 'MaxDuePerBlock', 'Retention'];
        Errands: ['MaxSelectionsPerBlock', 'MaxExpiriesPerBlock'];
        Sortition: ['MaxDuePerBlock', 'Retention'];
        Vouchers: ['MinDeposit', 'ChallengePeriod', 'MaxLifetime', 'MaxEndsPerBlock'];
    };
    viewFns: {};
    apis: {
        Core: ['version', 'execute_block', 'initialize_block'];
        Metadata: ['metadata', 'metadata_at_version', 'metadata_versions'];
        BlockBuilder: ['apply_extrinsic', 'finalize_block', 'inherent_extrinsics', 'check_inherents'];
        TaggedTransactionQueue: ['validate_transaction'];
        OffchainWorkerApi: ['offchain_worker'];
        AuraApi: ['slot_duration', 'authorities'];
        SessionKeys: ['generate_session_keys', 'decode_session_keys'];
        GrandpaApi: ['grandpa_authorities', 'submit_report_equivocation_unsigned_extrinsic', 'generate_key_ownership_proof', 'current_set_id'];
        AccountNonceApi: ['account_nonce'];
        TransactionPaymentApi: ['query_info', 'query_fee_details', 'query_weight_to_fee', 'query_length_to_fee'];
        TransactionPaymentCallApi: ['query_call_info', 'query_call_fee_details', 'query_weight_to_fee', 'query_length_to_fee'];
        GenesisBuilder: ['build_state', 'get_preset', 'preset_names'];
    };
};
export type TeaWhitelistEntry = PalletKey | `query.${NestedKey<AllInteractions['storage']>}` | `tx.${NestedKey<AllInteractions['tx']>}` | `event.${NestedKey<AllInteractions['events']>}` | `error.${NestedKey<AllInteractions['errors']>}` | `const.${NestedKey<AllInteractions['constants']>}` | `view.${NestedKey<AllInteractions['viewFns']>}` | `api.${NestedKey<AllInteractions['apis']>}`;
type PalletKey = `*.${({
    [K in keyof AllInteractions]: K extends 'apis' ? never : keyof AllInteractions[K];
})[keyof AllInteractions]}`;
type NestedKey<D extends Record<string, string[]>> = "*" | {
    [P in keyof D & string]: `${P}.*` | `${P}.${D[P][number]}`;
}[keyof D & string];
