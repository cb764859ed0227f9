namespace Countersign.Engine.Models;

/// <summary>The part of a layer that carries information between positions.</summary>
internal unsafe interface IMixer : IDisposable
{
    /// <summary>output (row, width) from input (row, width); they do not overlap.</summary>
    void Run(float* input, float* output);
}
