//! The pallets whose calls the bencher measures: TEA's own. The SDK's are weighed by its authors.

polkadot_sdk::frame_benchmarking::define_benchmarks!(
    [tea_content, Content]
    [tea_errands, Errands]
    [tea_nodes, Nodes]
    [tea_releases, Releases]
    [tea_sortition, Sortition]
    [tea_vouchers, Vouchers]
);
