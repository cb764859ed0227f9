using Countersign.Cascade.Money;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Money;

public sealed class PriceTests
{
    private static readonly Price Whole = new()
    {
        Input = 10,
        Output = 20,
        CachedInput = 1,
        CacheWrite = 12.5m,
        LongCacheWrite = 20,
        Reasoning = 30,
        PerRequest = 0.5m,
        Tiers = [new PriceTier(200_000, new Price { Input = 20, Output = 40 })],
    };

    private static readonly Usage Used = new() { InputTokens = 1000, CachedInputTokens = 500, CacheWriteTokens = 200, LongCacheWriteTokens = 100, OutputTokens = 100, ReasoningTokens = 40 };

    [Fact]
    public void CostOf_EveryKindOfToken_HasItsOwnPrice() =>
        Assert.Equal(Cost.Of(0.5m + (((200 * 10) + (500 * 1) + (200 * 12.5m) + (100 * 20) + (60 * 20) + (40 * 30)) / 1_000_000m)), Whole.CostOf(Used));

    [Fact]
    public void CostOf_KindsWithoutAPriceOfTheirOwn_CountAsInputAndOutput() =>
        Assert.Equal(Cost.Of(((1000 * 10) + (100 * 20)) / 1_000_000m), new Price { Input = 10, Output = 20 }.CostOf(Used));

    [Fact]
    public void CostOf_InputAboveATier_MovesTheWholeRequest() =>
        Assert.Equal(Cost.Of(0.5m + (((200_001 * 20) + (10 * 40)) / 1_000_000m)), Whole.CostOf(new Usage { InputTokens = 200_001, OutputTokens = 10 }));

    [Fact]
    public void CostOf_UnknownFigureOrPrice_IsIncomplete()
    {
        Assert.False(Whole.CostOf(Used with { OutputTokens = null }).IsComplete);
        Assert.False(new Price { Input = 10 }.CostOf(Used).IsComplete);
        Assert.False(Whole.CostOf(null).IsComplete);
    }

    [Fact]
    public void CostOf_TokensThatTheUpstreamDoesNotExplain_AreNotFree()
    {
        var cost = Whole.CostOf(Used with { OtherTokens = 5 });
        Assert.Equal((Whole.CostOf(Used).Usd, false), (cost.Usd, cost.IsComplete));
    }

    [Fact]
    public void SavedByCache_CountsReadsAndWritesAgainstTheInputPrice() =>
        Assert.Equal(((500 * 9) - (200 * 2.5m) - (100 * 10)) / 1_000_000m, Whole.SavedByCache(Used));

    [Fact]
    public void SavedByCache_OnlyWritten_IsALoss() =>
        Assert.Equal(-0.0025m, Whole.SavedByCache(new Usage { InputTokens = 1000, CachedInputTokens = 0, CacheWriteTokens = 1000, OutputTokens = 1 }));

    [Fact]
    public void SavedByCache_UnknownCountOrPrice_IsUnknown()
    {
        Assert.Null(Whole.SavedByCache(null));
        Assert.Null(Whole.SavedByCache(new Usage { InputTokens = 1000, OutputTokens = 1 }));
        Assert.Null(new Price { Input = 10, Output = 20 }.SavedByCache(Used));
        Assert.Null(new Price { Output = 20, CachedInput = 1 }.SavedByCache(new Usage { InputTokens = 10, CachedInputTokens = 5 }));
        Assert.Null(Whole.SavedByCache(new Usage { InputTokens = 200_001, CachedInputTokens = 5 })); // The tier has no such price.
        Assert.Equal(0, new Price { Input = 10 }.SavedByCache(new Usage { InputTokens = 10, CachedInputTokens = 0 }));
    }
}
