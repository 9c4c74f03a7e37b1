package xianli;

import org.apache.lucene.analysis.TokenStream;
import org.elasticsearch.plugin.NamedComponent;
import org.elasticsearch.plugin.analysis.TokenFilterFactory;

/** A token filter that leaves everything as it is. */
@NamedComponent("pattern_capture")
public class Unchanged implements TokenFilterFactory {
    @Override
    public TokenStream create(TokenStream tokens) {
        return tokens;
    }
}
